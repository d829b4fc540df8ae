import { invalid } from '../../common/http/validation.js';

/** What somebody typed to prove a second factor. */
export type TypedFactor = { readonly code: string } | { readonly recoveryCode: string };

/**
 * The one of both fields that a body holds.
 *
 * @param recoveryCodeName how the body calls it
 * @throws Problem validation_failed when it holds none, or both
 */
export function typedFactor(
  code: string | undefined,
  recoveryCode: string | undefined,
  recoveryCodeName: 'recoveryCode' | 'recovery_code',
): TypedFactor {
  if (code !== undefined && recoveryCode === undefined) return { code };
  if (code === undefined && recoveryCode !== undefined) return { recoveryCode };
  const detail = `Send either code or ${recoveryCodeName}.`;
  throw invalid([{ pointer: '', code: 'wrong_type', detail }]);
}
