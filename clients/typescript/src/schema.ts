// Generated from docs/openapi.json by `npm run client`. Do not edit.

export interface paths {
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Public keys (RFC 7517)
         * @description The public keys of access tokens, for any standard JWT library: the key that signs, the one that
         *     will after it, and those whose tokens have not expired yet. Tell them apart by `kid`.
         */
        get: operations["getJwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access-review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See who may do what
         * @description Everybody, in the order the accounts were made, with flags that say where to look first. With
         *     `format=csv` all of it as one file; lists inside a field are separated by a space.
         *
         *     Needs the permission `audit:read`.
         */
        get: operations["getAccessReview"];
        put?: never;
        /**
         * Record a review
         * @description Of one person, or of everybody, which is due every 90 days. It changes nobody's access.
         *
         *     Needs the permission `audit:review`.
         */
        post: operations["recordAccessReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List and search the audit trail
         * @description Newest first.
         *
         *     Needs the permission `audit:read`.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit-events/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the audit trail
         * @description Everything that fits, as it stands at this moment, oldest first, as a file: one JSON object a
         *     line (`ndjson`), or `csv` (RFC 4180; `before` and `after` are JSON; a cell that a spreadsheet
         *     would take for a formula begins with an apostrophe). The connection is cut when the caller may
         *     not read on.
         *
         *     Needs the permission `audit:read`.
         */
        get: operations["exportAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit-events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the audit trail
         * @description What happens from now on, as server-sent events: `data` is an event as JSON, `id` its place.
         *     Send the last `id` as `Last-Event-ID` to go on behind it without a gap. A comment breaks each
         *     silence of 15 seconds. The stream ends when the access token expires, and within a second when
         *     the caller is signed out or may not read on: come back with a token that holds.
         *
         *     Needs the permission `audit:read`.
         */
        get: operations["streamAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List own API keys
         * @description The own keys that stand, oldest first, without their secrets.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Make an API key
         * @description Makes a key that speaks for the caller, with no more permissions than named and never more than
         *     the caller holds at the moment of use. The answer shows it once. The owner is told by mail. A
         *     key cannot make keys. At most 50 stand at a time.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one own API key
         * @description In force at its next request. A key may end itself, and no other.
         */
        delete: operations["endApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/email/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page that cancels a change of address
         * @description The page the mail links to. The token is behind the `#` and is spent by its button only.
         */
        get: operations["cancelEmailChangePage"];
        put?: never;
        /**
         * Cancel a change of address
         * @description Stops a change that was asked for, by the token that was mailed to the present address.
         */
        post: operations["cancelEmailChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/email/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for another address
         * @description Asks for another address. Nothing changes until somebody who reads the new box confirms. The
         *     present address is told, and can cancel. The answer is the same for an address that has an
         *     account; its owner is told by mail. Needs a sign-in within the last five minutes.
         */
        post: operations["changeEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/email/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page that confirms the new address
         * @description The page the mail links to. The token is behind the `#` and is spent by its button only.
         */
        get: operations["confirmEmailChangePage"];
        put?: never;
        /**
         * Confirm the new address
         * @description Changes the address by the token that was mailed to the new one. Every other session ends, and
         *     every link that was mailed before stops working. Signs nobody in.
         */
        post: operations["confirmEmailChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/gateway": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who a request is from
         * @description For the `auth_request` of nginx, `forward_auth` of Caddy, ForwardAuth of Traefik and ext_authz of
         *     Envoy: pass the request's head on to here, and let it through when the answer is 204. The header
         *     fields `X-Auth-User` (id), `X-Auth-Email`, `X-Auth-Roles` (by commas), `X-Auth-Scope` (permissions,
         *     by spaces) and `X-Auth-Scheme` (`Bearer`, `Basic`, `ApiKey` or `Cookie`) say who it is from;
         *     whatever is not ASCII in them is percent-encoded. A gateway must remove these fields from what
         *     clients send.
         */
        get: operations["gateway"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/introspect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask about a token (RFC 7662)
         * @description What an access token or an API key is worth at this moment: permissions and roles are those the
         *     person has now. A token that is unknown, expired, of an ended session, or made for another service
         *     is `{"active": false}`, and so is a key that is bound to networks.
         */
        post: operations["introspect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Begins a session. Send address and password as JSON, or as `Authorization: Basic` with an
         *     empty body. The answer to a wrong password and to an unknown address is the same. `audience` and
         *     `scope` say what the access token is good for.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login/code": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a sign-in code
         * @description Mails a six-digit code, if the address can sign in. The answer is always the same. Keep the
         *     `login_token` of the answer: the code is worth nothing without it. A newer code replaces the
         *     older one. 404 unless the operator has set `MAIL_CODE_LOGIN=on`.
         */
        post: operations["askForLoginCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login/code/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in by a mailed code
         * @description Begins a session by the code that was mailed. It is no second factor: an account with one
         *     enrolled is answered `mfa_required`. 404 unless the operator has set `MAIL_CODE_LOGIN=on`.
         */
        post: operations["loginByCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends the session of the access token, of the session cookie (with `X-Requested-With`), or the
         *     one a refresh token in the body belongs to. Repeating it does no harm. A request signed in by
         *     Basic or an API key has no session: nothing ends.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read own second factors
         * @description Which second factors the own account has, and whether it needs one.
         */
        get: operations["getMfa"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make new recovery codes
         * @description Makes ten new recovery codes; the old ones no longer work. They are shown this once. The owner
         *     is told by mail. Needs a sign-in within the last five minutes.
         */
        post: operations["renewRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to add an authenticator app
         * @description Shows the seed for an authenticator app, as text and as a QR code. It counts once a code of it
         *     was sent to `/auth/mfa/totp/confirm`, within a quarter of an hour. Beginning again makes another
         *     seed. Needs a sign-in within the last five minutes.
         */
        post: operations["beginTotp"];
        /**
         * Remove the authenticator app
         * @description Removes the authenticator app. Takes the password, and a code of the app or a recovery code: who
         *     has neither asks an administrator. All other sessions end. The owner is told by mail. Needs a
         *     sign-in within the last five minutes.
         */
        delete: operations["removeTotp"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Confirm the authenticator app
         * @description Lets the app count from now on. With the first second factor of an account come ten recovery
         *     codes. All other sessions end; the one of this request goes on. The owner is told by mail. Needs
         *     a sign-in within the last five minutes.
         */
        post: operations["confirmTotp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/trusted-devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List trusted devices
         * @description The devices that signing in with the password asks for no second factor on, oldest first.
         */
        get: operations["listTrustedDevices"];
        put?: never;
        post?: never;
        /**
         * Trust no device any more
         * @description Trusts no device any more.
         */
        delete: operations["endTrustedDevices"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/trusted-devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Trust a device no more
         * @description Trusts one of them no more; its sessions go on.
         */
        delete: operations["endTrustedDevice"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/mfa/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in, second half
         * @description The second half of a sign-in that was answered with `mfa_required`, by a code of the app or a
         *     recovery code. A code works once; the answer to a used one is the same as to a wrong one. After
         *     five wrong ones the sign-in begins again, and ten wrong ones within a quarter of an hour are all
         *     that are looked at for one account. A choice of `audience` or `scope` is repeated here.
         */
        post: operations["verifyMfa"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/not-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page that says it was somebody else
         * @description The page the mail links to. The token is behind the `#` and is spent by its button only.
         */
        get: operations["notMePage"];
        put?: never;
        /**
         * Say that it was somebody else
         * @description Takes an account back, by the token of a mail that told its owner of something they did not do.
         *     Ends every session, API key and other mailed token, removes the second factors that were added
         *     since, brings back the address that mail was sent to if the account has another one since, and
         *     sends a reset link to it. Works once.
         */
        post: operations["notMe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List own passkeys
         * @description Oldest first.
         */
        get: operations["listPasskeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys/authentication": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in with a passkey
         * @description Begins a session with what a browser answered to those options. A passkey that has seen the
         *     person's PIN, finger or face is two factors at once, so no code is asked for. With `mfa_token` it
         *     is the second factor of that sign-in.
         */
        post: operations["passkeyAuthentication"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys/authentication/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to sign in with a passkey
         * @description What a browser needs to sign somebody in, for `PublicKeyCredential.parseRequestOptionsFromJSON()`.
         *
         *     - Without anything: to sign in with a passkey alone. The browser shows the person which they
         *       have; nobody types a name, and nobody learns who has one.
         *     - With `mfa_token`: to use a passkey as the second factor of that sign-in.
         *     - With `purpose: reauthenticate`, signed in: for `POST /auth/reauthenticate`.
         *
         *     The challenge works once, for five minutes, for that alone.
         */
        post: operations["passkeyAuthenticationOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys/registration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a passkey
         * @description Adds the passkey that a browser made of those options. From then on it signs in alone, and any
         *     other sign-in asks for a second factor. With the first factor of the account come its recovery
         *     codes, shown this once. The owner is told by mail. Needs a sign-in within the last five minutes.
         */
        post: operations["registerPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys/registration/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to add a passkey
         * @description What a browser needs to make a passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON()`.
         *     The challenge works once, for five minutes, in this session. Needs a sign-in within the last
         *     five minutes.
         */
        post: operations["passkeyRegistrationOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey
         * @description Removes it: from the next request on it signs nobody in. It stays where it is kept until it is
         *     removed there, too. The owner is told by mail. Needs a sign-in within the last five minutes.
         */
        delete: operations["removePasskey"];
        options?: never;
        head?: never;
        /**
         * Rename a passkey
         * @description Gives it another name, which nothing but this list shows.
         */
        patch: operations["renamePasskey"];
        trace?: never;
    };
    "/auth/password/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the own password
         * @description Changes the own password. All other sessions end; the one of this request goes on. Every link
         *     that was mailed before stops working, and the owner is told by mail.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a reset link
         * @description Mails a link to set a new password, if the address is known. The answer is always the same.
         */
        post: operations["forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page that sets a password
         * @description The page the mail links to. The token is behind the `#` and is spent by its button only.
         */
        get: operations["resetPasswordPage"];
        put?: never;
        /**
         * Set a password by mail token
         * @description Sets a password by the token of a reset link or an invitation. Ends every session and signs
         *     nobody in. A refused password does not spend the token.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/reauthenticate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove again who one is
         * @description Proves again who one is, for the routes that need a sign-in within the last five minutes; the
         *     session goes on, and so do its tokens. Takes the password, and a code of the authenticator app
         *     when the account has a second factor; or a passkey alone. A wrong password counts as a failed sign-in. A request
         *     signed in by Basic brings its password along and needs none of this.
         */
        post: operations["reauthenticate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get new tokens
         * @description Exchanges a refresh token for new tokens. The same token sent again within a few seconds gets
         *     the same successor; later it ends the session, because then two parties hold it. `audience` and
         *     `scope` say what the access token is good for; without them it is for this server, whatever was
         *     asked for before. Without a token in the body, the session cookie is refreshed, if there is an
         *     `X-Requested-With`.
         */
        post: operations["refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register
         * @description Asks for an account. A mail with a link and a code confirms the address; until then nobody can
         *     sign in. Registering again before that replaces the earlier password and mail. A known address
         *     gets the same answer, and its owner a mail.
         */
        post: operations["register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/revocations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the sessions that end
         * @description Which sessions have ended while access tokens of theirs may be out. Ask every few seconds, with
         *     `next` as `since` and the `ETag` in `If-None-Match`: while nothing ends, the answer is 304.
         */
        get: operations["listRevocations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session of a token (RFC 7009)
         * @description Ends the session that an access token for this service, or a refresh token, belongs to. The
         *     answer is the same for a token that is unknown or made for another service, and nothing ends.
         */
        post: operations["revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List own sessions
         * @description The own sessions that stand, oldest first.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        /**
         * End all own sessions
         * @description Ends all own sessions, or all others.
         */
        delete: operations["endSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one own session
         * @description Ends one of the own sessions; in force at its next request.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Page that confirms an address
         * @description The page the mail links to. The token is behind the `#` and is spent by its button only.
         */
        get: operations["verifyEmailPage"];
        put?: never;
        /**
         * Confirm an address
         * @description Confirms an address by the token or the code that was mailed to it. Signs nobody in. The
         *     same token again, while the address stands confirmed by it, answers `already_verified`.
         */
        post: operations["verifyEmail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/verify-email/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the confirmation mail again
         * @description Sends the mail again, if the address waits to be confirmed. The answer is always the same.
         */
        post: operations["resendVerification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dev/mail/latest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the newest captured mail
         * @description Waits for a mail that is under way, so that it can be asked for right after what causes it.
         */
        get: operations["getLatestCapturedMail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/dev/mail/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List captured mail
         * @description Newest first; the newest 200 are kept.
         */
        get: operations["listCapturedMail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers
         * @description The process answers.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether the process answers
         * @description The process answers. When this fails, restart it.
         */
        get: operations["healthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether requests can be served
         * @description The database can be used. While this fails, send no requests here.
         */
        get: operations["healthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Numbers to watch the server by
         * @description In Prometheus's text format. Send METRICS_TOKEN as Bearer; an access token is of no use here.
         *     Where METRICS_TOKEN is not set the answer is 404.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List every permission there is
         * @description By name. What they allow is fixed; roles put them together.
         *
         *     Needs the permission `roles:read`.
         */
        get: operations["listPermissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List roles
         * @description By name, the built-in ones among them.
         *
         *     Needs the permission `roles:read`.
         */
        get: operations["listRoles"];
        put?: never;
        /**
         * Make a role
         * @description Nobody makes a role with a permission they lack. Needs a sign-in within the last five minutes.
         *
         *     Needs the permission `roles:write`.
         */
        post: operations["createRole"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/roles/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a role
         * @description Takes the role from everyone who holds it, in force at their next request. Needs a sign-in
         *     within the last five minutes.
         *
         *     Needs the permission `roles:write`.
         */
        delete: operations["deleteRole"];
        options?: never;
        head?: never;
        /**
         * Change a role
         * @description In force for everyone who holds the role at their next request. Needs a sign-in within the last
         *     five minutes.
         *
         *     Needs the permission `roles:write`.
         */
        patch: operations["updateRole"];
        trace?: never;
    };
    "/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List registered services
         * @description In the order they were registered.
         *
         *     Needs the permission `services:read`.
         */
        get: operations["listServices"];
        put?: never;
        /**
         * Register a service
         * @description From then on access tokens for its audience can be asked for, and it may ask about tokens, end
         *     the sessions they belong to, and read which sessions have ended. Needs a sign-in within the last
         *     five minutes.
         *
         *     Needs the permission `services:write`.
         */
        post: operations["registerService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a service
         * @description Its secret stops working at once, and no access token is made for its audience any more; those
         *     that are out live to their end. Needs a sign-in within the last five minutes.
         *
         *     Needs the permission `services:write`.
         */
        delete: operations["removeService"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make the first administrator
         * @description Makes the first administrator, with the token of the link the server prints while there is
         *     none. Works once.
         */
        post: operations["setUp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List and search accounts
         * @description In the order the accounts were made.
         *
         *     Needs the permission `users:read`.
         */
        get: operations["listUsers"];
        put?: never;
        /**
         * Invite a person, or make a service account
         * @description Makes an account whose person gets a mail to set a password. Until then nobody can sign in to
         *     it. A registration of the address that nobody has confirmed is taken over. Nobody gives a role
         *     with a permission they lack; to give one beside `user` needs a sign-in within the last five
         *     minutes.
         *
         *     With `service: true` it is a service account instead: it has a name and no address, no mail is
         *     sent, and nobody can sign in to it. Make a key for it at `POST /users/{id}/api-keys`.
         *
         *     Needs the permission `users:write`.
         */
        post: operations["inviteUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the own account
         * @description As everyone who may read accounts sees it.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        /**
         * Delete the own account
         * @description Deletes the own account for good: every sign-in ends, and nothing that names the person stays.
         *     The last administrator cannot leave. Needs a sign-in within the last five minutes.
         */
        delete: operations["deleteMe"];
        options?: never;
        head?: never;
        /**
         * Change the own name or language
         * @description What is left out stays as it is.
         */
        patch: operations["updateMe"];
        trace?: never;
    };
    "/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the own account
         * @description Everything held about the own account, as a file. Hashes and other secrets are left out. Needs
         *     a sign-in within the last five minutes.
         */
        get: operations["exportMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an account
         * @description Also an account that is disabled or not confirmed.
         *
         *     Needs the permission `users:read`.
         */
        get: operations["getUser"];
        put?: never;
        post?: never;
        /**
         * Delete an account
         * @description Deletes the account with its sessions and roles, in force at the next request. The person is
         *     told by mail. Needs a sign-in within the last five minutes.
         *
         *     Needs the permission `users:write`.
         */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /**
         * Change an account
         * @description Changes the name, or disables and enables. Disabling ends every session at once.
         *
         *     Needs the permission `users:write`.
         */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/users/{id}/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an account's API keys
         * @description The account's keys that stand, oldest first, without their secrets.
         *
         *     Needs the permission `users:write`.
         */
        get: operations["listUserApiKeys"];
        put?: never;
        /**
         * Make a service account a key
         * @description Makes a key for a service account, with no more permissions than it holds. The answer shows it
         *     once. People make their keys themselves. Needs a sign-in within the last five minutes.
         *
         *     Needs the permission `users:write`.
         */
        post: operations["createServiceApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of an account's API keys
         * @description In force at its next request.
         *
         *     Needs the permission `users:write`.
         */
        delete: operations["endUserApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite a person again
         * @description Sends the mail again by which an invited person sets a password. The links of earlier ones no
         *     longer work. For accounts that have no password yet.
         *
         *     Needs the permission `users:write`.
         */
        post: operations["repeatInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What slows down sign-in to an account
         * @description What wrong passwords and codes have been counted for the account, in windows that still run.
         *
         *     Needs the permission `users:read`.
         */
        get: operations["listUserLimits"];
        put?: never;
        post?: never;
        /**
         * Lift the limits on an account
         * @description Counting begins anew at once, everywhere: the person can sign in, and whoever guessed can guess
         *     as often again. Limits of networks stay.
         *
         *     Needs the permission `users:write`.
         */
        delete: operations["liftUserLimits"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/mfa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove an account's second factors
         * @description Takes all second factors and recovery codes from an account, for somebody who has lost them.
         *     Make sure first that it is them. The password stays; every session ends; the person is told by
         *     mail. Needs a sign-in within the last five minutes.
         *
         *     Needs the permission `users:write`.
         */
        delete: operations["removeUserFactors"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/password-reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a person a reset link
         * @description Mails the person a link to set a new password. The present one works until then; nobody
         *     chooses a password for somebody else.
         *
         *     Needs the permission `users:write`.
         */
        post: operations["startPasswordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set an account's roles
         * @description Gives the account exactly these roles, in force at its next request, also for tokens already
         *     out. Nobody gives or takes a role that holds a permission they lack, and the last
         *     administrator stays one. Needs a sign-in within the last five minutes.
         *
         *     Needs the permission `roles:assign`.
         */
        put: operations["assignRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End all of an account's sessions
         * @description Signs the person out everywhere.
         *
         *     Needs the permission `users:write`.
         */
        delete: operations["endUserSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptedResponse: {
            message: string;
        };
        AccessReviewItem: {
            /**
             * @description `dormant`: an administrator who has not signed in for 90 days. `unused`: holds a role for 90
             *     days none of whose sensitive permissions was used in that time. `stale`: holds a role that was
             *     neither given nor reviewed within a year. `never_reviewed`: holds a role that nobody has
             *     reviewed since it was given. Roles that grant nothing do not count. `unused_key`: has an API key
             *     that was made, and last used, 90 days ago or earlier.
             * @example [
             *       "dormant"
             *     ]
             */
            flags: ("dormant" | "unused" | "stale" | "never_reviewed" | "unused_key")[];
            user: components["schemas"]["UserResponse"];
            /** @description Roles held, by name, with who gave them. */
            roles: components["schemas"]["ReviewedRole"][];
            /**
             * @description Names of every permission the roles grant together, sorted.
             * @example [
             *       "users:read"
             *     ]
             */
            permissions: string[];
            /** @description Those of the permissions that are about others, with their last use. */
            sensitivePermissions: components["schemas"]["ReviewedPermission"][];
            /**
             * Format: date-time
             * @description When the person last signed in; null: never.
             */
            lastLoginAt: string | null;
            /** @description Whether the person has a second factor. */
            secondFactor: boolean;
            /** @description API keys that stand, oldest first. */
            apiKeys: components["schemas"]["ReviewedApiKey"][];
            /**
             * Format: date-time
             * @description When somebody last reviewed this person or everybody; null: never.
             */
            lastReviewAt: string | null;
        };
        AccessReviewPage: {
            /** @description How many items the whole list has; only with `count=true`. */
            total?: number;
            items: components["schemas"]["AccessReviewItem"][];
            /** @description Send it as `cursor` to get the next page; null at the end. */
            nextCursor: string | null;
            /**
             * Format: date-time
             * @description When everybody was last reviewed; null: never.
             */
            lastReviewAt: string | null;
            /**
             * Format: date-time
             * @description When everybody is to be reviewed next; null while there is nobody.
             */
            nextReviewDue: string | null;
        };
        AccessReviewResponse: {
            /**
             * @example confirmed
             * @enum {string}
             */
            decision: "confirmed" | "changes_needed";
            /** @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11 */
            id: string;
            /** Format: date-time */
            at: string;
            /** @description Id of who reviewed. */
            reviewer: string;
            /** @description Whose access was reviewed; null: everybody's. */
            userId: string | null;
            note: string | null;
        };
        AccountExport: {
            /** Format: date-time */
            exportedAt: string;
            profile: components["schemas"]["ExportedProfile"];
            roles: components["schemas"]["ExportedRole"][];
            /** @description When each sensitive permission was last used. */
            permissionUses: components["schemas"]["ExportedPermissionUse"][];
            /** @description Of this person alone. */
            accessReviews: components["schemas"]["ExportedAccessReview"][];
            secondFactors: components["schemas"]["ExportedSecondFactor"][];
            /** @description Standing and ended ones that are still kept. */
            sessions: components["schemas"]["ExportedSession"][];
            trustedDevices: components["schemas"]["ExportedTrustedDevice"][];
            /** @description Standing and ended ones that are still kept. */
            apiKeys: components["schemas"]["ExportedApiKey"][];
            passkeys: components["schemas"]["ExportedPasskey"][];
            oneTimeTokens: components["schemas"]["ExportedOneTimeToken"][];
            mails: components["schemas"]["ExportedMail"][];
            /** @description What was done to the account, and what it did. */
            auditEvents: components["schemas"]["ExportedEvent"][];
        };
        AccountLimitResponse: {
            /**
             * @description `login`: wrong passwords of one network or known device. `account`: those of everybody.
             *     `known-devices`: those of all known devices. `token`: wrong codes. `second-factor`: wrong second
             *     factors.
             * @example login
             * @enum {string}
             */
            limit: "login" | "account" | "known-devices" | "token" | "second-factor";
            /**
             * @description Failures in the window.
             * @example 10
             */
            count: number;
            /**
             * @description How many there may be.
             * @example 10
             */
            max: number;
            /**
             * Format: date-time
             * @description When the window ends, and counting begins anew.
             */
            endsAt: string;
        };
        AccountLimitsResponse: {
            /** @description Largest count first. Networks are not named: the server keeps only a MAC of them. */
            items: components["schemas"]["AccountLimitResponse"][];
        };
        ApiKeyResponse: {
            /**
             * @description Also stands in the key, behind `lk_key_`.
             * @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11
             */
            id: string;
            name: string;
            /**
             * @description What it was made for; its owner may hold less by now.
             * @example [
             *       "users:read"
             *     ]
             */
            permissions: string[];
            /**
             * @description Empty: it may be used from anywhere.
             * @example [
             *       "192.0.2.0/24"
             *     ]
             */
            networks: string[];
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To about a minute; null: never.
             */
            lastUsedAt: string | null;
            /** @description The address it was last used from. */
            lastUsedIp: string | null;
        };
        AssignRoles: {
            /**
             * @description Names of all roles the account shall have. Those it has and that are not named are taken away.
             * @example [
             *       "user"
             *     ]
             */
            roles: string[];
        };
        AuditEventResponse: {
            /**
             * @description - `database.restored`: A backup was put in the place of the database; every session ended with it unless told otherwise.
             *     - `key.rotated`: Another key signs access tokens from now on. `before` says which one did.
             *     - `key.retired`: A signing key was erased, because no token it signed lives any more, or unused.
             *     - `key.compromised`: A signing key was erased at once, and with it the access tokens it had signed. `after` says which one signs now.
             *     - `master_key.rotated`: The database was put under another master key, and what it holds encrypted was encrypted again.
             *     - `access.reviewed`: Somebody looked at who may do what, and recorded it.
             *     - `login.failed_burst`: So many wrong passwords were tried on an account that strangers are turned away for a while.
             *     - `suspicious.detected`: A rule found something suspicious. `after` says which rule, and what it counted; the subject is the account or role, if there is one.
             *     - `limits.lifted`: An administrator lifted the limits of an account.
             *     - `audit.chained`: Lines from before there was a hash chain, up to the subject, were bound into it.
             *     - `user.registered`: Somebody registered an address that nobody has confirmed.
             *     - `registration.repeated`: Somebody registered an address that has an account.
             *     - `user.verified`: An address was confirmed.
             *     - `user.invited`: An administrator made an account.
             *     - `user.imported`: An account was brought in from another system.
             *     - `user.updated`: Name or language of an account were changed; which, not to what.
             *     - `user.disabled`: An account was disabled.
             *     - `user.enabled`: A disabled account was enabled.
             *     - `user.deleted`: An account was deleted.
             *     - `administrator.created`: The server made an account an administrator.
             *     - `login.succeeded`: A session began.
             *     - `login.reauthenticated`: Somebody who is signed in proved again who they are.
             *     - `refresh.reused`: A refresh token was used twice, and its session was ended.
             *     - `session.ended`: One or more sessions were ended.
             *     - `password.changed`: A password was set.
             *     - `password.reset_started`: An administrator had a reset link mailed.
             *     - `email.change_requested`: Somebody asked to move their account to another address.
             *     - `email.change_cancelled`: That move was cancelled.
             *     - `email.changed`: An account was moved to another address.
             *     - `mfa.enrolled`: A second factor was added. `after` says of which kind.
             *     - `mfa.removed`: A second factor was removed. `before` says of which kind.
             *     - `mfa.recovery_codes_renewed`: New recovery codes were made; the old ones no longer work.
             *     - `mfa.recovery_code_used`: A recovery code stood in for a second factor. `after` says how many are left.
             *     - `mfa.challenge_failed`: A sign-in with the right password stopped at a wrong second factor; told once an hour.
             *     - `device.trusted`: A device need not prove a second factor for thirty days.
             *     - `device.trust_ended`: One or more devices have to prove a second factor again.
             *     - `invitation.repeated`: An administrator had an invitation mailed again.
             *     - `account.reclaimed`: An owner said that a notified change was not theirs.
             *     - `api_key.created`: An API key was made; what it may do, from where and until when, not its name.
             *     - `api_key.ended`: One or more API keys were ended.
             *     - `service_account.created`: An administrator made an account that has no password.
             *     - `passkey.counter_went_back`: A passkey signed with a counter that had been seen before, as a copy of it would; it was refused.
             *     - `roles.changed`: The roles of an account were changed.
             *     - `role.created`: A role was made.
             *     - `role.changed`: A role was changed.
             *     - `role.deleted`: A role was deleted.
             *     - `service.registered`: A service was registered.
             *     - `service.removed`: A service was removed.
             * @example roles.changed
             * @enum {string}
             */
            type: "database.restored" | "key.rotated" | "key.retired" | "key.compromised" | "master_key.rotated" | "access.reviewed" | "login.failed_burst" | "suspicious.detected" | "limits.lifted" | "audit.chained" | "user.registered" | "registration.repeated" | "user.verified" | "user.invited" | "user.imported" | "user.updated" | "user.disabled" | "user.enabled" | "user.deleted" | "administrator.created" | "login.succeeded" | "login.reauthenticated" | "refresh.reused" | "session.ended" | "password.changed" | "password.reset_started" | "email.change_requested" | "email.change_cancelled" | "email.changed" | "mfa.enrolled" | "mfa.removed" | "mfa.recovery_codes_renewed" | "mfa.recovery_code_used" | "mfa.challenge_failed" | "device.trusted" | "device.trust_ended" | "invitation.repeated" | "account.reclaimed" | "api_key.created" | "api_key.ended" | "service_account.created" | "passkey.counter_went_back" | "roles.changed" | "role.created" | "role.changed" | "role.deleted" | "service.registered" | "service.removed";
            /**
             * @description What it was like before, where that was recorded.
             * @example [
             *       "user"
             *     ]
             */
            before?: {
                [key: string]: unknown;
            } | unknown[] | string | number;
            /**
             * @description What it was like after, or what else is to be known.
             * @example [
             *       "admin",
             *       "user"
             *     ]
             */
            after?: {
                [key: string]: unknown;
            } | unknown[] | string | number;
            /**
             * @description UUIDv7.
             * @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11
             */
            id: string;
            /** Format: date-time */
            at: string;
            /** @description Id of who did it; null: nobody was signed in, or the server did. */
            actor: string | null;
            /** @description Id of whom or what it was done to. */
            subject: string | null;
            /**
             * @description Network address the request came from; null: no request did it.
             * @example 192.0.2.7
             */
            ip: string | null;
            /** @description `X-Request-Id` of the request; it leads to the line in the log. */
            requestId: string | null;
            /**
             * @description How the request was signed in.
             * @example Bearer
             */
            scheme: string | null;
        };
        CancelEmailChangeRequest: {
            /** @description The token of the link in the mail to the present address. */
            token: string;
        };
        CapturedMailResponse: {
            /**
             * @description The link to follow; null when the mail holds none.
             * @example http://localhost:3000/auth/verify-email#token=lk_ot_N2Q5YzQ0
             */
            link: string | null;
            /**
             * @description The one-time token in the link; null when the mail holds none.
             * @example lk_ot_N2Q5YzQ0
             */
            token: string | null;
            /**
             * @description The six-digit code; null when the mail holds none.
             * @example 042137
             */
            code: string | null;
            /**
             * @description UUIDv7.
             * @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11
             */
            id: string;
            /**
             * @description The address it would have gone to.
             * @example ada@example.org
             */
            to: string;
            /** @description The subject line. */
            subject: string;
            /** @description The mail as plain text. */
            text: string;
            /** @description The mail as HTML. */
            html: string;
            /**
             * Format: date-time
             * @description When it would have been sent.
             */
            sentAt: string;
        };
        ChangeEmailRequest: {
            /**
             * Format: email
             * @example ada@example.org
             */
            newEmail: string;
            /**
             * Format: password
             * @example correct horse battery staple
             */
            currentPassword: string;
        };
        ChangePasswordRequest: {
            /**
             * Format: password
             * @example correct horse battery staple
             */
            currentPassword: string;
            /**
             * Format: password
             * @description 8 to 128 characters, any of them; common passwords and the current one are refused.
             * @example wholly different words here
             */
            newPassword: string;
        };
        ConfirmEmailChangeRequest: {
            /** @description The token of the link in the mail to the new address. */
            token: string;
        };
        ConfirmEmailChangeResponse: {
            /**
             * @description The account has the new address from now on.
             * @enum {string}
             */
            status: "changed";
        };
        ConfirmTotpRequest: {
            /**
             * @description The code the app shows.
             * @example 123456
             */
            code: string;
        };
        ConfirmTotpResponse: {
            /** @description With the first factor of an account. Each works once, in the place of a code. Shown this once. */
            recoveryCodes?: string[];
        };
        CreateApiKey: {
            /**
             * @description What the key is for, on one line.
             * @example nightly report
             */
            name: string;
            /**
             * @description What the key may do beyond its owner's own account: names out of `GET /permissions` that its
             *     owner holds. At each request only those count that the owner still holds. Left out: nothing.
             * @example []
             */
            permissions?: string[];
            /**
             * Format: date-time
             * @description When the key ends by itself, in the future (RFC 3339); left out or null: never.
             */
            expiresAt?: string | null;
            /**
             * @description Where the key may be used from: addresses and CIDR blocks, IPv4 or IPv6. Left out or empty:
             *     anywhere.
             * @example [
             *       "127.0.0.0/8",
             *       "::1"
             *     ]
             */
            networks?: string[];
        };
        CreateRole: {
            /**
             * @description What the role is for.
             * @example Answers questions about accounts.
             */
            description?: string;
            /**
             * @description Names of the permissions it shall grant: GET /permissions lists them.
             * @example [
             *       "users:read"
             *     ]
             */
            permissions: string[];
            /**
             * @description 2 to 40 lower-case letters, digits, hyphens and underscores. It cannot be changed later.
             * @example support
             */
            name: string;
        };
        CreatedApiKey: {
            /**
             * @description Also stands in the key, behind `lk_key_`.
             * @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11
             */
            id: string;
            name: string;
            /**
             * @description What it was made for; its owner may hold less by now.
             * @example [
             *       "users:read"
             *     ]
             */
            permissions: string[];
            /**
             * @description Empty: it may be used from anywhere.
             * @example [
             *       "192.0.2.0/24"
             *     ]
             */
            networks: string[];
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To about a minute; null: never.
             */
            lastUsedAt: string | null;
            /** @description The address it was last used from. */
            lastUsedIp: string | null;
            /**
             * @description The key, shown this once.
             * @example lk_key_019a7f3e5d2c7c419a530f6f3f0b8a11…
             */
            key: string;
        };
        DeleteOwnAccountRequest: {
            /**
             * Format: password
             * @example correct horse battery staple
             */
            currentPassword: string;
        };
        ExportedAccessReview: {
            /** Format: date-time */
            at: string;
            /** @description Id of who reviewed. */
            reviewer: string;
            /** @example confirmed */
            decision: string;
            note: string | null;
        };
        ExportedApiKey: {
            id: string;
            name: string;
            permissions: string[];
            networks: string[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string | null;
            /** Format: date-time */
            endedAt: string | null;
            /** @example ended_by_user */
            endReason: string | null;
            /** Format: date-time */
            lastUsedAt: string | null;
            lastUsedIp: string | null;
        };
        ExportedEvent: {
            id: string;
            /** Format: date-time */
            at: string;
            /** @example password.changed */
            type: string;
            /** @description Id of who did it; null: nobody was signed in. */
            actor: string | null;
            /** @description Id of whom or what it was done to. */
            subject: string | null;
            /** @description Where the request came from; left out when somebody else made it. */
            ip: string | null;
            /**
             * @description How the request was signed in.
             * @example Bearer
             */
            scheme: string | null;
            /** @description What it was like before and after, where that was recorded. */
            detail: Record<string, never> | null;
        };
        ExportedMail: {
            /**
             * @description What it was about.
             * @example verify-email
             */
            kind: string;
            recipient: string;
            /** @example sent */
            state: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            sentAt: string | null;
        };
        ExportedOneTimeToken: {
            /** @example verify_email */
            purpose: string;
            /** @description The address it was mailed to. */
            address: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
            /** Format: date-time */
            usedAt: string | null;
        };
        ExportedPasskey: {
            id: string;
            name: string;
            /** @description base64url. */
            credentialId: string;
            /** @description COSE_Key, base64url. It can check a signature, not make one. */
            publicKey: string;
            counter: number;
            /**
             * @description Model of the authenticator, if it says.
             * @example fbfc3007-154e-4ecc-8c0b-6e020557d7bd
             */
            aaguid: string;
            transports: string;
            backupEligible: boolean;
            backedUp: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string | null;
        };
        ExportedPermissionUse: {
            /** @example users:read */
            permission: string;
            /**
             * Format: date-time
             * @description To about a minute.
             */
            lastUsedAt: string;
        };
        ExportedProfile: {
            /** @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11 */
            id: string;
            /** @example ada@example.org */
            email: string;
            /** Format: date-time */
            emailVerifiedAt: string | null;
            name: string | null;
            /** @description The language mails are written in (BCP 47), if one was chosen. */
            locale: string | null;
            /** @enum {string} */
            status: "active" | "disabled";
            /** @description Whether a password is kept, as a hash nobody can read it from. */
            hasPassword: boolean;
            /** Format: date-time */
            passwordChangedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: date-time */
            lastLoginAt: string | null;
        };
        ExportedRole: {
            /** @example user */
            name: string;
            /** @description Id of the administrator who gave it; null: the server did. */
            grantedBy: string | null;
            /** Format: date-time */
            grantedAt: string;
        };
        ExportedSecondFactor: {
            /** @example totp */
            method: string;
            /** @description What the person calls it. */
            name: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string | null;
        };
        ExportedSession: {
            id: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string;
            /** Format: date-time */
            expiresAt: string;
            /** Format: date-time */
            endedAt: string | null;
            /** @example logout */
            endReason: string | null;
            userAgent: string | null;
            ip: string | null;
            label: string | null;
            /**
             * @description How the person proved who they are (RFC 8176).
             * @example [
             *       "pwd"
             *     ]
             */
            amr: string[];
            /**
             * Format: date-time
             * @description When they did.
             */
            authTime: string;
        };
        ExportedTrustedDevice: {
            id: string;
            label: string | null;
            ip: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /** @description One thing wrong with one field. */
        FieldError: {
            /**
             * @description The field of the body, or the parameter of the query, as a JSON pointer (RFC 6901); empty for the whole.
             * @example /email
             */
            pointer: string;
            /**
             * @description For programs; stable.
             * @example invalid_email
             */
            code: string;
            /**
             * @description For people.
             * @example email must be an e-mail address.
             */
            detail: string;
        };
        ForgotPasswordRequest: {
            /**
             * Format: email
             * @example ada@example.org
             */
            email: string;
        };
        HealthResponse: {
            /**
             * @example ok
             * @enum {string}
             */
            status: "ok";
        };
        IntrospectionResponse: {
            /** @description Whether the token, its session and its person stand at this moment. */
            active: boolean;
            /**
             * @description Permissions at this moment, space-separated.
             * @example users:read
             */
            scope?: string;
            /** @example latchkey */
            client_id?: string;
            /** @example Bearer */
            token_type?: string;
            /** @description Seconds since 1970, like all times here. */
            exp?: number;
            iat?: number;
            /**
             * @description Id of the person.
             * @example 019a7f3e-0000-7000-8000-000000000000
             */
            sub?: string;
            /** @example https://orders.example.org */
            aud?: string;
            iss?: string;
            /** @description Id of the access token, or of the API key. */
            jti?: string;
            /**
             * @description Id of the session.
             * @example 019a7f3e-0000-7000-8000-000000000000
             */
            sid?: string;
            /** @description When the person last proved who they are. */
            auth_time?: number;
            /**
             * @description How (RFC 8176).
             * @example [
             *       "pwd"
             *     ]
             */
            amr?: string[];
            /**
             * @description Roles at this moment; none for a narrowed token.
             * @example [
             *       "user"
             *     ]
             */
            roles?: string[];
        };
        InviteUser: {
            /**
             * Format: email
             * @description Where the invitation goes. A service account has none.
             * @example grace@example.org
             */
            email?: string;
            /**
             * @description A service account must have one.
             * @example Ada Lovelace
             */
            name?: string;
            /**
             * @description true: an account without address and password, whose only way in is the keys made for it.
             * @enum {boolean}
             */
            service?: true;
            /**
             * @description Names of the roles the account shall have. Left out: `user`.
             * @example [
             *       "user"
             *     ]
             */
            roles?: string[];
        };
        JwkResponse: {
            /**
             * @description EC or RSA.
             * @example EC
             */
            kty: string;
            /**
             * @description Of an EC key.
             * @example P-256
             */
            crv?: string;
            /** @description Of an EC key. */
            x?: string;
            /** @description Of an EC key. */
            y?: string;
            /** @description Of an RSA key: the modulus. */
            n?: string;
            /** @description Of an RSA key: the exponent. */
            e?: string;
            /** @description RFC 7638 thumbprint; the `kid` in the header of access tokens. */
            kid: string;
            /**
             * @description ES256 or RS256.
             * @example ES256
             */
            alg: string;
            /** @example sig */
            use: string;
        };
        JwksResponse: {
            keys: components["schemas"]["JwkResponse"][];
        };
        LatestMail: {
            /**
             * @description The link to follow; null when the mail holds none.
             * @example http://localhost:3000/auth/verify-email#token=lk_ot_N2Q5YzQ0
             */
            link: string | null;
            /**
             * @description The one-time token in the link; null when the mail holds none.
             * @example lk_ot_N2Q5YzQ0
             */
            token: string | null;
            /**
             * @description The six-digit code; null when the mail holds none.
             * @example 042137
             */
            code: string | null;
            /**
             * @description The address it would have gone to.
             * @example ada@example.org
             */
            to: string;
            /** @description The subject line. */
            subject: string;
            /** @description The mail as plain text. */
            text: string;
            /** @description The mail as HTML. */
            html: string;
            /**
             * Format: date-time
             * @description When it would have been sent.
             */
            sentAt: string;
        };
        LoginRequest: {
            /**
             * Format: email
             * @example ada@example.org
             */
            email?: string;
            /**
             * Format: password
             * @example correct horse battery staple
             */
            password?: string;
            /**
             * @description The audience of a registered service, for a token that this service alone takes. Left out: a
             *     token for this server.
             * @example https://orders.example.org
             */
            audience?: string;
            /**
             * @description The same under the name of RFC 8707.
             * @example https://orders.example.org
             */
            resource?: string;
            /**
             * @description Permissions, space-separated, for a token that grants no others. Those the person lacks are left
             *     out (RFC 6749 section 3.3); `scope` of the answer says what is granted. A narrowed token names no
             *     roles.
             * @example users:read
             */
            scope?: string;
        };
        LogoutRequest: {
            /** @description A refresh token of the session to end, when there is no access token left. */
            refresh_token?: string;
        };
        MailCodeRequest: {
            /**
             * Format: email
             * @example ada@example.org
             */
            email: string;
        };
        MailCodeResponse: {
            /**
             * @description Send it back with the code. Keep it where the person will type the code, and nowhere else.
             * @example lk_lt_kept-where-the-code-will-be-typed
             */
            login_token: string;
            /**
             * @description How long the code works, in seconds.
             * @example 600
             */
            expires_in: number;
            message: string;
        };
        MailCodeVerifyRequest: {
            /**
             * @description From the answer to the request for the code.
             * @example lk_lt_kept-where-the-code-will-be-typed
             */
            login_token: string;
            /**
             * @description Six digits; five tries.
             * @example 123456
             */
            code: string;
            /**
             * @description The audience of a registered service, for a token that this service alone takes. Left out: a
             *     token for this server.
             * @example https://orders.example.org
             */
            audience?: string;
            /**
             * @description The same under the name of RFC 8707.
             * @example https://orders.example.org
             */
            resource?: string;
            /**
             * @description Permissions, space-separated, for a token that grants no others. Those the person lacks are left
             *     out (RFC 6749 section 3.3); `scope` of the answer says what is granted. A narrowed token names no
             *     roles.
             * @example users:read
             */
            scope?: string;
        };
        MfaState: {
            /** @description Whether codes of an authenticator app are asked for. */
            totp: boolean;
            /**
             * @description How many passkeys there are.
             * @example 0
             */
            passkeys: number;
            /**
             * @description How many recovery codes have not been used.
             * @example 10
             */
            recoveryCodesLeft: number;
            /** @description Whether a role of the account needs a second factor: the last one cannot be done without. */
            requiredByRole: boolean;
        };
        NotMeRequest: {
            /** @description The token of the link in the notice. */
            token: string;
        };
        PasskeyAlgorithm: {
            /**
             * @description COSE algorithm.
             * @example -7
             */
            alg: number;
            /** @enum {string} */
            type: "public-key";
        };
        PasskeyAuthenticationOptions: {
            /** @description base64url. Works once. */
            challenge: string;
            /** @example accounts.example.org */
            rpId: string;
            /**
             * @description Milliseconds.
             * @example 300000
             */
            timeout: number;
            /** @enum {string} */
            userVerification: "required";
            /** @description Empty when it is not known yet who signs in: the browser offers what it has. */
            allowCredentials: components["schemas"]["PasskeyDescriptor"][];
        };
        PasskeyAuthenticationOptionsRequest: {
            /** @description To use a passkey as the second factor: what the sign-in was answered with. */
            mfa_token?: string;
            /**
             * @description To prove again who one is: signed in, for `POST /auth/reauthenticate`.
             * @enum {string}
             */
            purpose?: "reauthenticate";
        };
        PasskeyAuthenticationRequest: {
            response: {
                id: string;
                rawId: string;
                /** @enum {string} */
                type: "public-key";
                response: {
                    clientDataJSON: string;
                    authenticatorData: string;
                    signature: string;
                    userHandle?: string | null;
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
            /** @description Left out, the passkey alone signs in. */
            mfa_token?: string;
            /** @description true: for thirty days, the password on this device asks for no second factor. */
            trustDevice?: boolean;
            /**
             * @description The audience of a registered service, for a token that this service alone takes. Left out: a
             *     token for this server.
             * @example https://orders.example.org
             */
            audience?: string;
            /**
             * @description The same under the name of RFC 8707.
             * @example https://orders.example.org
             */
            resource?: string;
            /**
             * @description Permissions, space-separated, for a token that grants no others. Those the person lacks are left
             *     out (RFC 6749 section 3.3); `scope` of the answer says what is granted. A narrowed token names no
             *     roles.
             * @example users:read
             */
            scope?: string;
        };
        PasskeyDescriptor: {
            /** @description base64url. */
            id: string;
            /** @enum {string} */
            type: "public-key";
            /**
             * @example [
             *       "internal",
             *       "hybrid"
             *     ]
             */
            transports: string[];
        };
        PasskeyRegistrationOptions: {
            rp: components["schemas"]["RelyingPartyEntity"];
            user: components["schemas"]["PasskeyUserEntity"];
            /** @description base64url. Works once, for this session. */
            challenge: string;
            pubKeyCredParams: components["schemas"]["PasskeyAlgorithm"][];
            /**
             * @description Milliseconds.
             * @example 300000
             */
            timeout: number;
            /** @description The passkeys the person has: none is made where one of them is kept. */
            excludeCredentials: components["schemas"]["PasskeyDescriptor"][];
            authenticatorSelection: components["schemas"]["PasskeySelection"];
            /** @enum {string} */
            attestation: "none";
        };
        PasskeyResponse: {
            /** @example 019a7f3e-0000-7000-8000-000000000000 */
            id: string;
            /** @description What its person calls it. */
            name: string;
            /** @description base64url; what `PublicKeyCredential.signalAllAcceptedCredentials()` wants to know. */
            credentialId: string;
            /**
             * @example [
             *       "internal",
             *       "hybrid"
             *     ]
             */
            transports: string[];
            /** @description Whether its maker may copy it to other devices of the person. */
            backupEligible: boolean;
            /** @description Whether it has. If not, it is lost with its device. */
            backedUp: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string | null;
        };
        PasskeySelection: {
            /** @enum {string} */
            residentKey: "required";
            requireResidentKey: boolean;
            /** @enum {string} */
            userVerification: "required";
        };
        PasskeyUserEntity: {
            /** @description The account, as an opaque handle. */
            id: string;
            /**
             * @description Shown by the browser.
             * @example ada@example.org
             */
            name: string;
            /** @description Beside it. */
            displayName: string;
        };
        PermissionResponse: {
            /**
             * @description What it allows.
             * @example See all accounts.
             */
            description: string;
            /** @example users:read */
            name: string;
        };
        /** @description What went wrong (RFC 9457). */
        Problem: {
            /**
             * Format: uri
             * @description Where the code is explained.
             */
            type: string;
            /** @description What the code means; always the same. */
            title: string;
            status: number;
            /** @description What is wrong this time, for people. */
            detail: string;
            /**
             * Format: uri
             * @description `urn:uuid:` and the id of the request.
             */
            instance: string;
            /**
             * @description For programs. Codes are never renamed; new ones are added.
             * @enum {string}
             */
            code: "account_disabled" | "bad_request" | "conflict" | "current_password_wrong" | "database_busy" | "email_not_verified" | "https_required" | "internal_error" | "invalid_credentials" | "last_administrator" | "mail_cooldown" | "malformed_json" | "method_not_allowed" | "mfa_code_invalid" | "mfa_enrolment_required" | "mfa_required" | "network_not_allowed" | "not_found" | "origin_not_allowed" | "overloaded" | "passkey_invalid" | "password_rejected" | "payload_too_large" | "permission_required" | "rate_limited" | "recent_login_required" | "redirect_not_allowed" | "refresh_token_expired" | "refresh_token_invalid" | "refresh_token_reused" | "role_required" | "session_ended" | "token_expired" | "token_invalid" | "token_malformed" | "token_missing" | "token_revoked" | "token_signature_invalid" | "token_wrong_audience" | "unsupported_media_type" | "validation_failed";
            /** @description One entry for each fault; with `validation_failed` and `password_rejected`. */
            errors?: components["schemas"]["FieldError"][];
            /**
             * @description With `mfa_required` at a sign-in: what the second factor is sent with. Worthless anywhere else.
             * @example lk_mfa_…
             */
            mfa_token?: string;
            /**
             * @description With `mfa_token`: what it can be answered by.
             * @example [
             *       "totp",
             *       "recovery_code"
             *     ]
             */
            methods?: ("totp" | "passkey" | "recovery_code")[];
            /**
             * @description With `mfa_token`: seconds until it expires.
             * @example 300
             */
            expires_in?: number;
        };
        ReauthenticateRequest: {
            /**
             * Format: password
             * @example correct horse battery staple
             */
            password?: string;
            /**
             * @description The code of the authenticator app; needed when the account has a second factor.
             * @example 123456
             */
            code?: string;
            /**
             * @description A passkey in the place of both, by the options of
             *     `POST /auth/passkeys/authentication/options {"purpose": "reauthenticate"}`.
             */
            response: {
                id: string;
                rawId: string;
                /** @enum {string} */
                type: "public-key";
                response: {
                    clientDataJSON: string;
                    authenticatorData: string;
                    signature: string;
                    userHandle?: string | null;
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
        };
        ReauthenticateResponse: {
            /**
             * Format: date-time
             * @description Until then the routes that need a recent sign-in answer.
             */
            recentUntil: string;
        };
        RecordAccessReview: {
            /**
             * @description `confirmed`: access is as it should be. `changes_needed`: some of it has to go.
             * @example confirmed
             * @enum {string}
             */
            decision: "confirmed" | "changes_needed";
            /**
             * @description What was found, on one line.
             * @example Everybody still works here.
             */
            note?: string | null;
            /** @description Whose access was reviewed; left out: everybody's. */
            userId?: string;
        };
        RecoveryCodesResponse: {
            /**
             * @example [
             *       "7G4K-9QWD-2MZX-P0RT-B8VN-5HCA"
             *     ]
             */
            recoveryCodes: string[];
        };
        RefreshRequest: {
            /** @description The newest refresh token of the session. */
            refresh_token?: string;
            /**
             * @description The audience of a registered service, for a token that this service alone takes. Left out: a
             *     token for this server.
             * @example https://orders.example.org
             */
            audience?: string;
            /**
             * @description The same under the name of RFC 8707.
             * @example https://orders.example.org
             */
            resource?: string;
            /**
             * @description Permissions, space-separated, for a token that grants no others. Those the person lacks are left
             *     out (RFC 6749 section 3.3); `scope` of the answer says what is granted. A narrowed token names no
             *     roles.
             * @example users:read
             */
            scope?: string;
        };
        RegisterPasskeyRequest: {
            response: {
                id: string;
                rawId: string;
                /** @enum {string} */
                type: "public-key";
                response: {
                    clientDataJSON: string;
                    attestationObject: string;
                    transports?: string[];
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
            /**
             * @description What to call it; left out, it is called after where it is kept.
             * @example Phone
             */
            name?: string;
        };
        RegisterRequest: {
            /**
             * Format: email
             * @example ada@example.org
             */
            email: string;
            /**
             * Format: password
             * @description 8 to 128 characters, any of them; common passwords are refused.
             * @example correct horse battery staple
             */
            password: string;
            /** @example Ada Lovelace */
            name?: string;
        };
        RegisterService: {
            /**
             * @description For people.
             * @example Orders
             */
            name: string;
            /**
             * @description What access tokens for this service say in `aud`, exactly: an absolute URI without fragment (RFC
             *     8707), or a plain name of letters, digits, dots, hyphens and underscores. No two services share
             *     one.
             * @example https://orders.example.org
             */
            audience: string;
        };
        RegisteredPasskey: {
            /** @description Shown this once, and only with the first factor of the account. */
            recoveryCodes?: string[];
            /** @example 019a7f3e-0000-7000-8000-000000000000 */
            id: string;
            /** @description What its person calls it. */
            name: string;
            /** @description base64url; what `PublicKeyCredential.signalAllAcceptedCredentials()` wants to know. */
            credentialId: string;
            /**
             * @example [
             *       "internal",
             *       "hybrid"
             *     ]
             */
            transports: string[];
            /** @description Whether its maker may copy it to other devices of the person. */
            backupEligible: boolean;
            /** @description Whether it has. If not, it is lost with its device. */
            backedUp: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt: string | null;
        };
        RegisteredServiceResponse: {
            /**
             * @description The password of its Basic. It is shown this once: only a hash of it is kept.
             * @example lk_svc_…
             */
            secret: string;
            /**
             * @description The user-id of its Basic.
             * @example 019a7f3e-0000-7000-8000-000000000000
             */
            id: string;
            /** @example Orders */
            name: string;
            /**
             * @description What stands in `aud` of the tokens made for it.
             * @example https://orders.example.org
             */
            audience: string;
            /** Format: date-time */
            createdAt: string;
        };
        RelyingPartyEntity: {
            /** @example accounts.example.org */
            id: string;
            name: string;
        };
        RemoveTotpRequest: {
            /**
             * Format: password
             * @example correct horse battery staple
             */
            currentPassword: string;
            /**
             * @description The code the app shows.
             * @example 123456
             */
            code?: string;
            /**
             * @description One of the recovery codes, when there is no app any more.
             * @example 7G4K-9QWD-2MZX-P0RT-B8VN-5HCA
             */
            recoveryCode?: string;
        };
        RenamePasskeyRequest: {
            /** @example Phone */
            name: string;
        };
        ResendRequest: {
            /**
             * Format: email
             * @example ada@example.org
             */
            email: string;
        };
        ResetPasswordRequest: {
            /** @description The token of the link in the mail. */
            token: string;
            /**
             * Format: password
             * @example correct horse battery staple
             */
            password: string;
        };
        ReviewedApiKey: {
            /** @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11 */
            id: string;
            name: string;
            /**
             * @description What it was made for; only what the person still holds counts.
             * @example [
             *       "users:read"
             *     ]
             */
            permissions: string[];
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expiresAt: string | null;
            /**
             * Format: date-time
             * @description To about a minute; null: never.
             */
            lastUsedAt: string | null;
        };
        ReviewedPermission: {
            /** @example users:write */
            name: string;
            /**
             * Format: date-time
             * @description When it last let the person in, to about a minute; null: never.
             */
            lastUsedAt: string | null;
        };
        ReviewedRole: {
            /** @example admin */
            name: string;
            /** @description Id of the administrator who gave it; null: the server did. */
            grantedBy: string | null;
            /** Format: date-time */
            grantedAt: string;
        };
        RevocationFeedResponse: {
            /**
             * @description A JWS (`typ: revocations+jwt`) for this service, verified like an access token. It holds `sessions`:
             *     `sid` of each session that has ended, and `exp`, from when on no token of it is good any more;
             *     `next`, to be sent as `since`; and `more`, true when there is more to read at once.
             */
            feed: string;
        };
        RoleResponse: {
            /**
             * @description What the role is for; may be empty.
             * @example Answers questions about accounts.
             */
            description: string;
            /** @example support */
            name: string;
            /**
             * @description Names of the permissions it grants, sorted.
             * @example [
             *       "users:read"
             *     ]
             */
            permissions: string[];
            /** @description True: part of the server, can be neither changed nor deleted. */
            builtIn: boolean;
        };
        ServiceResponse: {
            /**
             * @description The user-id of its Basic.
             * @example 019a7f3e-0000-7000-8000-000000000000
             */
            id: string;
            /** @example Orders */
            name: string;
            /**
             * @description What stands in `aud` of the tokens made for it.
             * @example https://orders.example.org
             */
            audience: string;
            /** Format: date-time */
            createdAt: string;
        };
        SessionResponse: {
            /** @example 019a7f3e-0000-7000-8000-000000000000 */
            id: string;
            /** @description Whether this request belongs to it. */
            current: boolean;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it began or was last refreshed.
             */
            lastUsedAt: string;
            /**
             * Format: date-time
             * @description When it ends unless it is refreshed before.
             */
            expiresAt: string;
            userAgent: string | null;
            ip: string | null;
            /**
             * @description What a person may know the device by.
             * @example Firefox on Windows
             */
            label: string | null;
            /**
             * @description How the person proved who they are (RFC 8176).
             * @example [
             *       "pwd"
             *     ]
             */
            amr: string[];
        };
        SetupRequest: {
            /** @description From the link that the server printed when it started. */
            token: string;
            /**
             * Format: email
             * @example ada@example.org
             */
            email: string;
            /**
             * Format: password
             * @example correct horse battery staple
             */
            password: string;
        };
        TokenQuery: {
            /**
             * @description The token it is about.
             * @example lk_rt_…
             */
            token: string;
            /**
             * @description `access_token` or `refresh_token`; the token is recognised without it.
             * @example access_token
             */
            token_type_hint?: string;
        };
        TokenResponse: {
            /** @description JWT for the Authorization header: `Bearer <access_token>`. */
            access_token: string;
            /**
             * @example Bearer
             * @enum {string}
             */
            token_type: "Bearer";
            /**
             * @description Seconds until the access token expires.
             * @example 900
             */
            expires_in: number;
            /** @description For POST /auth/refresh, once: each refresh gives the next one. In cookie mode it is absent. */
            refresh_token?: string;
            /**
             * @description Seconds until the session expires when nobody refreshes.
             * @example 1209600
             */
            refresh_expires_in: number;
            /** @description Permissions, space-separated. */
            scope: string;
        };
        TotpEnrolment: {
            /**
             * @description Base 32, to be typed where no picture can be read.
             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
             */
            secret: string;
            /** @example otpauth://totp/localhost:ada%40example.org?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=localhost */
            otpauthUri: string;
            /** @description The same as a QR code: an SVG picture. */
            qrSvg: string;
        };
        TrustedDeviceResponse: {
            /** @example 019a7f3e-0000-7000-8000-000000000000 */
            id: string;
            /** @description Whether this request was sent with its cookie. */
            current: boolean;
            /**
             * @description What a person may know the device by.
             * @example Firefox on Windows
             */
            label: string | null;
            ip: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When somebody last signed in with it.
             */
            lastUsedAt: string;
            /**
             * Format: date-time
             * @description When a second factor is asked for again.
             */
            expiresAt: string;
        };
        UpdateMe: {
            /**
             * @description One line of text; null or empty takes the name away.
             * @example Ada Lovelace
             */
            name?: string | null;
            /**
             * @description The language the person wants to be written to in (BCP 47); null takes it away.
             * @example en-GB
             */
            locale?: string | null;
        };
        UpdateRole: {
            /**
             * @description What the role is for.
             * @example Answers questions about accounts.
             */
            description?: string;
            /**
             * @description Names of all permissions it shall grant. Those that are not named are taken away.
             * @example [
             *       "users:read"
             *     ]
             */
            permissions?: string[];
        };
        UpdateUser: {
            /**
             * @description One line of text; null or empty takes the name away.
             * @example Ada Lovelace
             */
            name?: string | null;
            /**
             * @description `disabled` ends every session at once and lets nobody sign in; `active` lifts it.
             * @example active
             * @enum {string}
             */
            status?: "active" | "disabled";
        };
        UserResponse: {
            /**
             * @description `disabled`: cannot sign in. `unverified`: the address is not confirmed yet.
             * @example active
             * @enum {string}
             */
            status: "active" | "unverified" | "disabled";
            /**
             * @description Only there for a service account: nobody signs in to it, and its API keys are its only way in.
             * @enum {boolean}
             */
            service?: true;
            /**
             * @description UUIDv7.
             * @example 019a7f3e-5d2c-7c41-9a53-0f6f3f0b8a11
             */
            id: string;
            /**
             * @description The address as it was typed. A service account has one that no mail reaches.
             * @example ada@example.org
             */
            email: string;
            /** @description True once the address is confirmed. */
            emailVerified: boolean;
            /**
             * @description What the person is called, if they said.
             * @example Ada Lovelace
             */
            name: string | null;
            /**
             * @description Names of the roles held, sorted.
             * @example [
             *       "user"
             *     ]
             */
            roles: string[];
            /**
             * @description Every permission the roles grant together, sorted.
             * @example []
             */
            permissions: string[];
            /**
             * Format: date-time
             * @description When the account was made.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When the account's own data was last changed; roles and sign-ins do not count.
             */
            updatedAt: string;
            /**
             * Format: date-time
             * @description When the person last signed in; null before the first time.
             */
            lastLoginAt: string | null;
        };
        VerifyEmailRequest: {
            token?: string;
            /**
             * Format: email
             * @example ada@example.org
             */
            email?: string;
            /**
             * @description Six digits; five tries.
             * @example 123456
             */
            code?: string;
        };
        VerifyEmailResponse: {
            /**
             * @description already_verified: this token has confirmed the address before.
             * @enum {string}
             */
            status: "verified" | "already_verified";
        };
        VerifyMfaRequest: {
            /** @description Of the answer mfa_required. */
            mfa_token: string;
            /**
             * @description The code the app shows.
             * @example 123456
             */
            code?: string;
            /**
             * @description One of the recovery codes.
             * @example 7G4K-9QWD-2MZX-P0RT-B8VN-5HCA
             */
            recovery_code?: string;
            /** @description true: for thirty days, the password on this device asks for no second factor. */
            trustDevice?: boolean;
            /**
             * @description The audience of a registered service, for a token that this service alone takes. Left out: a
             *     token for this server.
             * @example https://orders.example.org
             */
            audience?: string;
            /**
             * @description The same under the name of RFC 8707.
             * @example https://orders.example.org
             */
            resource?: string;
            /**
             * @description Permissions, space-separated, for a token that grants no others. Those the person lacks are left
             *     out (RFC 6749 section 3.3); `scope` of the answer says what is granted. A narrowed token names no
             *     roles.
             * @example users:read
             */
            scope?: string;
        };
    };
    responses: {
        /**
         * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
         *
         *     `validation_failed`: The request does not have the form this route takes.
         */
        BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
         *
         *     `malformed_json`: The body is not the JSON this server accepts.
         *
         *     `validation_failed`: The request does not have the form this route takes.
         */
        BadRequestBody: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `conflict`: The request does not fit the present state. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `internal_error`: Something went wrong in the server. */
        InternalError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `account_disabled`: This account is disabled.
         *
         *     `email_not_verified`: The address of this account is not confirmed yet.
         *
         *     `network_not_allowed`: This API key may not be used from here.
         */
        MayNotSignIn: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `not_found`: There is nothing here. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `password_rejected`: This password cannot be used. */
        PasswordRejected: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `payload_too_large`: The body is larger than 64 kB. */
        PayloadTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate_limited`: Too many requests. */
        RateLimited: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description `database_busy`: The database cannot be used at the moment.
         *
         *     `overloaded`: The server has more work than it can take.
         */
        Unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media_type`: The body is of a type that this route does not take. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description Path of what was made.
         * @example /users/019a7f3e-0000-7000-8000-000000000000
         */
        Location: string;
        /** @description What is left of the limit, and seconds until it is whole again. */
        RateLimit: string;
        /** @description The limit: how many in how many seconds. */
        "RateLimit-Policy": string;
        /**
         * @description Seconds to wait before trying again.
         * @example 30
         */
        "Retry-After": number;
        /**
         * @description How to sign in (RFC 9110 section 11.6.1): Bearer, and Basic unless a script in a browser asks.
         * @example Bearer realm="latchkey"
         */
        "WWW-Authenticate": string;
        /**
         * @description Id of this request, also in the log. A UUID that was sent in this header is kept.
         * @example 019a7f3e-0000-4000-8000-000000000000
         */
        "X-Request-Id": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getJwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JwksResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getAccessReview: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
                /** @description `csv`: everybody in one file; `limit`, `cursor` and `count` do not matter then. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list, or the whole file. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessReviewPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    recordAccessReview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecordAccessReview"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Path of the list. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessReviewResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
                /** @description Only events of this type. */
                type?: "database.restored" | "key.rotated" | "key.retired" | "key.compromised" | "master_key.rotated" | "access.reviewed" | "login.failed_burst" | "suspicious.detected" | "limits.lifted" | "audit.chained" | "user.registered" | "registration.repeated" | "user.verified" | "user.invited" | "user.imported" | "user.updated" | "user.disabled" | "user.enabled" | "user.deleted" | "administrator.created" | "login.succeeded" | "login.reauthenticated" | "refresh.reused" | "session.ended" | "password.changed" | "password.reset_started" | "email.change_requested" | "email.change_cancelled" | "email.changed" | "mfa.enrolled" | "mfa.removed" | "mfa.recovery_codes_renewed" | "mfa.recovery_code_used" | "mfa.challenge_failed" | "device.trusted" | "device.trust_ended" | "invitation.repeated" | "account.reclaimed" | "api_key.created" | "api_key.ended" | "service_account.created" | "passkey.counter_went_back" | "roles.changed" | "role.created" | "role.changed" | "role.deleted" | "service.registered" | "service.removed";
                /** @description Only what the account with this id did. */
                actor?: string;
                /** @description Only what was done to the account, or the role, with this id. */
                subject?: string;
                /** @description Only events of this moment or later. */
                from?: string;
                /** @description Only events before this moment. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEventResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    exportAuditEvents: {
        parameters: {
            query?: {
                /** @description Only events of this type. */
                type?: "database.restored" | "key.rotated" | "key.retired" | "key.compromised" | "master_key.rotated" | "access.reviewed" | "login.failed_burst" | "suspicious.detected" | "limits.lifted" | "audit.chained" | "user.registered" | "registration.repeated" | "user.verified" | "user.invited" | "user.imported" | "user.updated" | "user.disabled" | "user.enabled" | "user.deleted" | "administrator.created" | "login.succeeded" | "login.reauthenticated" | "refresh.reused" | "session.ended" | "password.changed" | "password.reset_started" | "email.change_requested" | "email.change_cancelled" | "email.changed" | "mfa.enrolled" | "mfa.removed" | "mfa.recovery_codes_renewed" | "mfa.recovery_code_used" | "mfa.challenge_failed" | "device.trusted" | "device.trust_ended" | "invitation.repeated" | "account.reclaimed" | "api_key.created" | "api_key.ended" | "service_account.created" | "passkey.counter_went_back" | "roles.changed" | "role.created" | "role.changed" | "role.deleted" | "service.registered" | "service.removed";
                /** @description Only what the account with this id did. */
                actor?: string;
                /** @description Only what was done to the account, or the role, with this id. */
                subject?: string;
                /** @description Only events of this moment or later. */
                from?: string;
                /** @description Only events before this moment. */
                to?: string;
                format?: "ndjson" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    streamAuditEvents: {
        parameters: {
            query?: {
                /** @description Only events of this type. */
                type?: "database.restored" | "key.rotated" | "key.retired" | "key.compromised" | "master_key.rotated" | "access.reviewed" | "login.failed_burst" | "suspicious.detected" | "limits.lifted" | "audit.chained" | "user.registered" | "registration.repeated" | "user.verified" | "user.invited" | "user.imported" | "user.updated" | "user.disabled" | "user.enabled" | "user.deleted" | "administrator.created" | "login.succeeded" | "login.reauthenticated" | "refresh.reused" | "session.ended" | "password.changed" | "password.reset_started" | "email.change_requested" | "email.change_cancelled" | "email.changed" | "mfa.enrolled" | "mfa.removed" | "mfa.recovery_codes_renewed" | "mfa.recovery_code_used" | "mfa.challenge_failed" | "device.trusted" | "device.trust_ended" | "invitation.repeated" | "account.reclaimed" | "api_key.created" | "api_key.ended" | "service_account.created" | "passkey.counter_went_back" | "roles.changed" | "role.created" | "role.changed" | "role.deleted" | "service.registered" | "service.removed";
                /** @description Only what the account with this id did. */
                actor?: string;
                /** @description Only what was done to the account, or the role, with this id. */
                subject?: string;
            };
            header?: {
                /** @description `id` of the last event got. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events, for as long as the connection is open. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKeyResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelEmailChangePage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    cancelEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelEmailChangeRequest"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    changeEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeEmailRequest"];
            };
        };
        responses: {
            /** @description Accepted. The answer says nothing about whether the address is known. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `current_password_wrong`: The current password is not right.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /**
             * @description `mail_cooldown`: Too many mails were asked for.
             *
             *     `rate_limited`: Too many requests.
             */
            429: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "Retry-After": components["headers"]["Retry-After"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    confirmEmailChangePage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    confirmEmailChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmEmailChangeRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfirmEmailChangeResponse"];
                };
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    gateway: {
        parameters: {
            query?: {
                permission?: string;
                role?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It may pass; the header fields say who it is from. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `origin_not_allowed`: Requests from this origin are not allowed.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `role_required`: A role is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    introspect: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenQuery"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntrospectionResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    login: {
        parameters: {
            query?: {
                /** @description cookie: the refresh token comes in the cookie `__Host-latchkey-session` and not in the answer. For pages of this site; needs X-Requested-With. */
                session?: "cookie";
            };
            header?: {
                /** @description Anything, in cookie mode: other sites cannot send it. */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LoginRequest"] & (unknown | unknown);
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `https_required`: This needs an encrypted connection.
             *
             *     `origin_not_allowed`: Requests from this origin are not allowed.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    askForLoginCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailCodeRequest"];
            };
        };
        responses: {
            /** @description Accepted. The answer says nothing about whether the address is known. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailCodeResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    loginByCode: {
        parameters: {
            query?: {
                /** @description cookie: the refresh token comes in the cookie `__Host-latchkey-session` and not in the answer. For pages of this site; needs X-Requested-With. */
                session?: "cookie";
            };
            header?: {
                /** @description Anything, in cookie mode: other sites cannot send it. */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailCodeVerifyRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `mfa_required`: A second factor is needed. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `https_required`: This needs an encrypted connection.
             *
             *     `origin_not_allowed`: Requests from this origin are not allowed.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything, in cookie mode: other sites cannot send it. */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LogoutRequest"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `refresh_token_invalid`: This refresh token was not issued by this server.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `origin_not_allowed`: Requests from this origin are not allowed.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMfa: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MfaState"];
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["MayNotSignIn"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    renewRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodesResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    beginTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpEnrolment"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RemoveTotpRequest"] & (unknown | unknown);
            };
        };
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_code_invalid`: This code is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `current_password_wrong`: The current password is not right.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    confirmTotp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConfirmTotpRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfirmTotpResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_code_invalid`: This code is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listTrustedDevices: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TrustedDeviceResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endTrustedDevices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endTrustedDevice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifyMfa: {
        parameters: {
            query?: {
                /** @description cookie: the refresh token comes in the cookie `__Host-latchkey-session` and not in the answer. For pages of this site; needs X-Requested-With. */
                session?: "cookie";
            };
            header?: {
                /** @description Anything, in cookie mode: other sites cannot send it. */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyMfaRequest"] & (unknown | unknown);
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_code_invalid`: This code is not right.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `https_required`: This needs an encrypted connection.
             *
             *     `origin_not_allowed`: Requests from this origin are not allowed.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    notMePage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    notMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotMeRequest"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listPasskeys: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PasskeyResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["MayNotSignIn"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeyAuthentication: {
        parameters: {
            query?: {
                /** @description cookie: the refresh token comes in the cookie `__Host-latchkey-session` and not in the answer. For pages of this site; needs X-Requested-With. */
                session?: "cookie";
            };
            header?: {
                /** @description Anything, in cookie mode: other sites cannot send it. */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyAuthenticationRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkey_invalid`: This answer of a passkey does not hold. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `https_required`: This needs an encrypted connection.
             *
             *     `origin_not_allowed`: Requests from this origin are not allowed.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeyAuthenticationOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PasskeyAuthenticationOptionsRequest"] & (unknown | unknown | unknown);
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyAuthenticationOptions"];
                };
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["MayNotSignIn"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    registerPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterPasskeyRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the passkey. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredPasskey"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeyRegistrationOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRegistrationOptions"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    removePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    renamePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenamePasskeyRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordRequest"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `current_password_wrong`: The current password is not right.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["PasswordRejected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    forgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgotPasswordRequest"];
            };
        };
        responses: {
            /** @description Accepted. The answer says nothing about whether the address is known. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    resetPasswordPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPasswordRequest"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["PasswordRejected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    reauthenticate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReauthenticateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReauthenticateResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_code_invalid`: This code is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `passkey_invalid`: This answer of a passkey does not hold.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `current_password_wrong`: The current password is not right.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    refresh: {
        parameters: {
            query?: never;
            header?: {
                /** @description Anything, in cookie mode: other sites cannot send it. */
                "X-Requested-With"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `refresh_token_expired`: The session has expired.
             *
             *     `refresh_token_invalid`: This refresh token was not issued by this server.
             *
             *     `refresh_token_reused`: A refresh token was used again, so its session was ended.
             *
             *     `session_ended`: The session of this refresh token has ended.
             *
             *     `token_missing`: This route needs a sign-in.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `origin_not_allowed`: Requests from this origin are not allowed. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description Accepted. The answer says nothing about whether the address is known. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["PasswordRejected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRevocations: {
        parameters: {
            query?: {
                /** @description `next` of the answer before. Left out, or no longer known: everything that still matters. */
                since?: string;
            };
            header?: {
                /** @description `ETag` of the answer before. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Of where the answer ends. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevocationFeedResponse"];
                };
            };
            /** @description Nothing has ended since. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    revoke: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenQuery"];
            };
        };
        responses: {
            /** @description The token is not good for anything now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SessionResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["MayNotSignIn"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endSessions: {
        parameters: {
            query?: {
                /** @description true: the session of this request goes on. */
                keepCurrent?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifyEmailPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    verifyEmail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyEmailRequest"] & (unknown | unknown);
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifyEmailResponse"];
                };
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    resendVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResendRequest"];
            };
        };
        responses: {
            /** @description Accepted. The answer says nothing about whether the address is known. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getLatestCapturedMail: {
        parameters: {
            query?: {
                /** @description Only mail to this address. Left out: the newest mail of all. */
                to?: string;
                /** @description How many seconds to wait for a mail that is not there or still under way. */
                wait?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LatestMail"];
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listCapturedMail: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
                /** @description Only mail to this address. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["CapturedMailResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    healthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    healthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every metric. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `token_missing`: This route needs a sign-in.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listPermissions: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PermissionResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listRoles: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RoleResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createRole: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRole"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Path of the role. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The role is gone. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRole"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listServices: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServiceResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    registerService: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterService"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Path of the service. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisteredServiceResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service is gone. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    setUp: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResponse"];
                };
            };
            /**
             * @description `bad_request`: The request contradicts itself, or is not well-formed HTTP.
             *
             *     `malformed_json`: The body is not the JSON this server accepts.
             *
             *     `token_invalid`: This one-time token or code cannot be used.
             *
             *     `validation_failed`: The request does not have the form this route takes.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["PasswordRejected"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
                /** @description Only accounts of this status. */
                status?: "active" | "unverified" | "disabled";
                /** @description Text that stands somewhere in the address or the name. Case does not matter. */
                q?: string;
                /** @description Only accounts that hold the role of this name. */
                role?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["UserResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    inviteUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteUser"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["MayNotSignIn"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteOwnAccountRequest"];
            };
        };
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `current_password_wrong`: The current password is not right.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `conflict`: The request does not fit the present state.
             *
             *     `last_administrator`: This would leave no administrator.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateMe"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    exportMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountExport"];
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            /** @description `last_administrator`: This would leave no administrator. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateUser"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            /** @description `last_administrator`: This would leave no administrator. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUserApiKeys: {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description Where to go on: nextCursor of the page before. */
                cursor?: string;
                /** @description true: the answer also holds total, the number of all items. */
                count?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    /** @description Address of the next page with rel="next" (RFC 8288); absent at the end. */
                    Link?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKeyResponse"][];
                        /** @description Send it as `cursor` to get the next page; null at the end. */
                        nextCursor: string | null;
                        /** @description How many items the whole list has; only with `count=true`. */
                        total?: number;
                    };
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    createServiceApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endUserApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    repeatInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail is on its way. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    listUserLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountLimitsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    liftUserLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    removeUserFactors: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    startPasswordReset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The mail is on its way. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    assignRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignRoles"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserResponse"];
                };
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             *
             *     `recent_login_required`: This needs a sign-in within the last minutes.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            /**
             * @description `conflict`: The request does not fit the present state.
             *
             *     `last_administrator`: This would leave no administrator.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
    endUserSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequestBody"];
            /**
             * @description `invalid_credentials`: The address or the password, or the API key, is not right.
             *
             *     `mfa_required`: A second factor is needed.
             *
             *     `token_expired`: The access token has expired.
             *
             *     `token_malformed`: The Authorization header cannot be read.
             *
             *     `token_missing`: This route needs a sign-in.
             *
             *     `token_revoked`: The session of this access token has ended.
             *
             *     `token_signature_invalid`: The access token was not issued by this server, or it was changed.
             *
             *     `token_wrong_audience`: The access token was issued for another service.
             */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /**
             * @description `account_disabled`: This account is disabled.
             *
             *     `email_not_verified`: The address of this account is not confirmed yet.
             *
             *     `mfa_enrolment_required`: One of the roles of this account needs a second factor.
             *
             *     `network_not_allowed`: This API key may not be used from here.
             *
             *     `permission_required`: A permission is missing.
             */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["Unavailable"];
        };
    };
}
