const PATIENCE = 10_000;

/** One request, within ten seconds, that follows no redirect. */
export function ask(url: string, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL(path, url), {
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE),
    ...init,
  });
}

/** Why there was no answer, in a few words. */
export function reasonOf(error: unknown): string {
  const { cause, name, message } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `no answer within ${PATIENCE / 1000} s`;
  return cause?.code ?? cause?.message ?? message;
}
