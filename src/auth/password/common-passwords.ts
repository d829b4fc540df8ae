/** How many of the list count as common. What stands further down is left to the breached filter. */
const TOP = 10_000;

/**
 * The most common passwords of the zxcvbn project's list, lower case, most common first. Loaded at
 * the first question: a start does not need it.
 */
let list: Promise<readonly string[]> | undefined;
let set: Promise<ReadonlySet<string>> | undefined;

export function commonPasswordList(): Promise<readonly string[]> {
  list ??= import('@zxcvbn-ts/language-common').then(({ dictionary }) =>
    (dictionary['passwords-common'] as string[]).slice(0, TOP),
  );
  return list;
}

/** Whether it is one of them, in upper or lower case. */
export async function isCommon(password: string): Promise<boolean> {
  set ??= commonPasswordList().then((passwords) => new Set(passwords));
  return (await set).has(password.toLowerCase());
}
