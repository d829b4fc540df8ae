/**
 * The bytes behind base64url without padding; undefined when {@link Buffer} would have written them
 * otherwise. RFC 4648 section 3.5: the last character may hold bits that say nothing, so that one
 * secret could be spelled in several ways.
 */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
