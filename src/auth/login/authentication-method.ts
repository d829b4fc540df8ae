/**
 * How somebody proved who they are, for `amr` (RFC 8176 section 2): a password, a one-time code of
 * an app or of a list, a key in hardware or software, with the person's presence shown to it.
 * `mfa`: more than one factor was proved, by whichever of the others. `email` is ours: a code that
 * was mailed, which proves one factor at most.
 */
export type AuthenticationMethod = 'pwd' | 'otp' | 'hwk' | 'swk' | 'user' | 'mfa' | 'email';
