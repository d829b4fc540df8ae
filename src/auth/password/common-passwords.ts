/**
 * The list of common passwords of the zxcvbn project (about 30 000, the top 3000 of every known
 * leak among them), loaded at the first question: a start does not need it.
 */
let list: Promise<ReadonlySet<string>> | undefined;

export function commonPasswords(): Promise<ReadonlySet<string>> {
  list ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'] as Iterable<string>),
  );
  return list;
}
