/** Tags in the order they are shown in, each with what it holds. */
export const TAGS: Record<string, string> = {
  Registration: 'From an address and a password to a confirmed account.',
  'Sign-in': 'Begin a session with a password.',
  Sessions: 'Stay signed in, see where one is signed in, and really sign out.',
  Tokens: 'What other services need to verify access tokens themselves.',
  'Second factor': 'What is asked beside the password: an app, recovery codes.',
  'API keys':
    'What scripts come in with: ended one by one, and no more powerful than they were made.',
  Passkeys:
    'Sign in by PIN, finger or face, alone or as the second factor. In development `/docs/passkeys` tries it out.',
  Passwords: 'Change the password, or set a new one when the old one is lost.',
  Address: 'Move the own account to another e-mail address.',
  Users: 'Accounts: the own one, and all of them for those who may.',
  Roles:
    'Named sets of permissions. Changes count at the next request, also for tokens already out.',
  Gateway: 'For a reverse proxy that asks here before it lets a request through.',
  Services: 'Your other services: who they are, and what they ask about tokens.',
  'Audit trail':
    'What was done, by whom, to whom, when and from where; it cannot be changed unseen.',
  'Access review': 'Look regularly at who may do what, and say that it was done.',
  'First start': 'Make the first administrator. Works while there is none.',
  Development: 'The mailbox that captures mail while no mail server is set. Never in production.',
  Health: 'For whoever starts, stops and watches the process.',
};

/** The page above all operations, in Markdown. */
export const DESCRIPTION = `\
An accounts-and-tokens server: people register, confirm their address, sign in, stay signed in and
really sign out; your services verify short access tokens themselves, or ask here.

## Three ways to sign in

Every closed route takes all of them, and treats them alike:

- **Bearer**: \`Authorization: Bearer <access token>\`. An access token is a JWT (RFC 9068, ES256)
  that lasts minutes. Its session, account and roles are looked at with each request, so that what
  an administrator changes counts at once. Any JWT library can verify it with the keys at
  \`/.well-known/jwks.json\`.
- **Basic**: \`Authorization: Basic <address:password>\` (RFC 7617, UTF-8). No session begins.
- **API key**: \`X-API-Key: lk_key_…\`, or the key as Bearer, or as the password of Basic with the
  address of its owner. A key does what it was made for and its owner may do at that moment; it
  never counts as a recent sign-in. Send one credential: \`Authorization\` and \`X-API-Key\` together
  are refused.

\`POST /auth/login\` begins a session and gives an access token and a refresh token.
\`POST /auth/refresh\` exchanges the refresh token for the next pair; send each refresh token once
and keep only the newest. When a used one comes back later than a lost answer explains, two parties
hold it, and the session ends.

## Five steps to try it here

1. **Register**: \`POST /auth/register\`. The example works as it stands.
2. **Read the mail**: in development, \`GET /dev/mail/latest\` shows it, or open
   [the mailbox](/dev/mail).
3. **Confirm**: \`POST /auth/verify-email\` with the \`token\` of that mail.
4. **Sign in**: \`POST /auth/login\` with the same address and password.
5. **Call a closed route**: press **Authorize**, put in the \`access_token\` (or address and password
   under Basic), and try \`GET /users/me\`.

## More to try

Each goes on from the five steps, signed in with the \`access_token\` under **Authorize**. Routes that
answer \`recent_login_required\` want \`POST /auth/reauthenticate\` first, with the password.

- **Second factor**: \`POST /auth/mfa/totp\` shows a seed for an authenticator app; send a code of it to
  \`POST /auth/mfa/totp/confirm\`, and keep the recovery codes. From now on \`POST /auth/login\` answers 401
  with an \`mfa_token\`, which \`POST /auth/mfa/verify\` takes with the next code.
- **Passkeys**: [/docs/passkeys](/docs/passkeys) adds one and signs in with it, in development.
- **API keys**: \`POST /auth/api-keys\`; put its \`key\` under **ApiKey** and try \`GET /users/me\`. Taken by
  \`DELETE /auth/api-keys/{id}\`, it ends at once.
- **Cookie mode**: \`POST /auth/login\` with \`session\` = \`cookie\` and the header \`X-Requested-With\`
  answers without a refresh token: the browser keeps it, and \`POST /auth/refresh\` with an empty body
  uses it.
- **Services**: as an administrator, \`POST /services\`; put its \`id\` and \`secret\` under **Service** and
  ask \`POST /auth/introspect\` about an access token, or read \`GET /auth/revocations\`.

## Errors

Every error is \`application/problem+json\` (RFC 9457). \`code\` is stable and for programs, \`detail\`
is for people, and \`errors\` names each faulty field by a JSON pointer. [All codes](/docs/errors) say
what to do about them. \`X-Request-Id\` is on every answer: it leads the operator to the line in the
log.

401 always says how to sign in (\`WWW-Authenticate\`), 405 what the path takes (\`Allow\`), 429 and 503
when to try again (\`Retry-After\`, in seconds).

## Lists

Every list is \`{ items, nextCursor }\`. Ask with \`limit\` (1 to 200, otherwise 50); send
\`nextCursor\` back as \`cursor\` until it is null, or follow \`Link\` with \`rel="next"\`. \`count=true\`
adds \`total\`. A cursor belongs to its list and its filters.

## Bodies

JSON objects in UTF-8, up to 64 kB and 256 members; up to 32 query parameters. Fields that are not listed, members that stand twice and
parameters that stand twice are refused, not ignored. Ids are UUIDv7, times ISO 8601 in UTC.
`;
