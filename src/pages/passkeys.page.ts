import { html, type PageTemplate } from '../common/http/page.js';
import { emailField } from './fields.js';
import { narrow, noScript } from './layout.js';
import { pageScript } from './script.js';
import { PAGE_STYLE } from './style.js';
import { english } from './words/english.js';

const SCRIPT = /* js */ `
let accessToken; // in memory alone: reloading the page signs out
let mfaToken;

async function call(method, path, body) {
  try {
    const answer = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(accessToken === undefined ? {} : { authorization: 'Bearer ' + accessToken }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin', // signing out clears what the site keeps
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: text === '' ? {} : JSON.parse(text),
      wait: answer.headers.get('retry-after'),
    };
  } catch {
    return { status: 0, body: {}, wait: null };
  }
}

function refuse(answer) {
  if (answer.status === 0 || answer.wait !== null) return sayRefusal(answer);
  say('bad', answer.body.detail ?? answer.body.title);
}

// The browser says no when the person does, or when nothing is done in time.
async function ask(work) {
  try {
    return await work();
  } catch (error) {
    say('bad', {
      InvalidStateError: 'There is a passkey of this account here already.',
      SecurityError: 'Passkeys work at PUBLIC_URL only: open this page there.',
    }[error.name] ?? 'No passkey was used.');
  }
}

async function usePasskey() {
  const half = mfaToken === undefined ? {} : { mfa_token: mfaToken };
  const options = await call('POST', '/auth/passkeys/authentication/options', half);
  if (options.status !== 200) return refuse(options);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.body);
  const credential = await ask(() => navigator.credentials.get({ publicKey }));
  if (!credential) return;
  const response = credential.toJSON();
  signedIn(await call('POST', '/auth/passkeys/authentication', { response, ...half }));
}

async function addPasskey() {
  const options = await call('POST', '/auth/passkeys/registration/options');
  if (options.status !== 200) return refuse(options);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.body);
  const credential = await ask(() => navigator.credentials.create({ publicKey }));
  if (!credential) return;
  const response = credential.toJSON();
  const answer = await call('POST', '/auth/passkeys/registration', { response });
  if (answer.status !== 201) return refuse(answer);
  const codes = answer.body.recoveryCodes ?? [];
  say('good', codes.length === 0
    ? 'Passkey added.'
    : 'Passkey added. Keep these recovery codes; each works once:', codes);
  await showPasskeys();
}

function signedIn(answer) {
  if (answer.body.code === 'mfa_required') {
    mfaToken = answer.body.mfa_token;
    const { methods } = answer.body;
    $('by-passkey').hidden = !methods.includes('passkey');
    $('by-code').hidden = !methods.some((method) => method !== 'passkey');
    show('second');
    return say('', 'The password is right. Now the second factor.');
  }
  if (answer.status !== 200) return refuse(answer);
  accessToken = answer.body.access_token;
  mfaToken = undefined;
  $('outcome').replaceChildren();
  return showAccount();
}

async function showAccount() {
  const claims = JSON.parse(atob(accessToken.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
  const me = await call('GET', '/users/me');
  if (me.status !== 200) return refuse(me);
  $('who').textContent = me.body.email;
  $('how').textContent = claims.amr.join(' ');
  show('account');
  await showPasskeys();
}

async function showPasskeys() {
  const { status, body } = await call('GET', '/auth/passkeys');
  if (status !== 200) return;
  $('none').hidden = body.items.length > 0;
  $('passkeys').replaceChildren(...body.items.map((passkey) => {
    const item = document.createElement('li');
    const text = document.createElement('div');
    const name = document.createElement('strong');
    name.textContent = passkey.name;
    const facts = document.createElement('span');
    facts.className = 'soft';
    facts.textContent = (passkey.lastUsedAt === null
      ? 'not used yet'
      : 'last used ' + new Date(passkey.lastUsedAt).toLocaleString()) +
      (passkey.backedUp ? ', backed up' : ', on one device');
    text.append(name, facts);
    const remove = document.createElement('button');
    remove.className = 'quiet';
    remove.type = 'button';
    remove.textContent = 'Remove';
    remove.setAttribute('aria-label', 'Remove ' + passkey.name);
    remove.addEventListener('click', async () => {
      const answer = await call('DELETE', '/auth/passkeys/' + passkey.id);
      if (answer.status !== 204) return refuse(answer);
      say('good', 'Passkey removed. It stays where it is kept until you remove it there, too.');
      await showPasskeys();
    });
    item.append(text, remove);
    return item;
  }));
}

function show(id) {
  for (const part of ['first', 'second', 'account']) $(part).hidden = part !== id;
}

onSubmit($('with-passkey'), usePasskey);
onSubmit($('by-passkey'), usePasskey);
onSubmit($('by-code'), async () => {
  const typed = $('code').value.trim();
  const code = /^\\d{6}$/.test(typed) ? { code: typed } : { recovery_code: typed };
  signedIn(await call('POST', '/auth/mfa/verify', { mfa_token: mfaToken, ...code }));
});
$('back').addEventListener('click', () => location.reload());
onSubmit($('with-password'), async () => {
  const body = { email: $('email').value.trim(), password: $('password').value };
  signedIn(await call('POST', '/auth/login', body));
});
onSubmit($('add'), addPasskey);
$('leave').addEventListener('click', async () => {
  await call('POST', '/auth/logout', {});
  location.reload();
});

if (window.PublicKeyCredential?.parseCreationOptionsFromJSON === undefined) {
  say('bad', 'This browser cannot use passkeys here. They need a new browser, and HTTPS or localhost.');
} else {
  show('first');
}
`;

const STYLE = /* css */ `
.passkeys { margin: 0 0 1.25rem; padding: 0; list-style: none; }
.passkeys li {
  display: flex; align-items: center; justify-content: space-between; gap: 1rem;
  padding: .75rem 0; border-bottom: 1px solid var(--line);
}
.passkeys li > div { min-width: 0; overflow-wrap: anywhere; }
.passkeys .soft { display: block; }
.notice li { font-family: var(--mono); font-size: .8125rem; }
.or { display: flex; align-items: center; gap: .75rem; margin: 1.5rem 0 1.125rem; }
.or::before, .or::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.account { display: flex; align-items: center; justify-content: space-between; gap: 1rem; }
.account > p { margin: 0; min-width: 0; overflow-wrap: anywhere; }
`;

/** Development only: signs in with a passkey, adds and removes them, as a page of one's own would. */
export const passkeysPage: PageTemplate = {
  title: 'Try a passkey · Latchkey',
  style: PAGE_STYLE + STYLE,
  body: narrow(
    html`<h1>Try a passkey</h1>
      ${noScript('Passkeys need JavaScript.')}
      <div id="outcome" role="status"></div>

      <div id="first" hidden>
        <form id="with-passkey"><button class="whole">Sign in with a passkey</button></form>
        <p class="or soft">or, to add the first one</p>
        <form id="with-password">
          ${emailField(english, 'username')}
          <div class="field">
            <label for="password">Password</label>
            <input
              id="password"
              name="password"
              type="password"
              autocomplete="current-password"
              required
            />
          </div>
          <button class="quiet whole">Sign in with the password</button>
        </form>
      </div>

      <div id="second" hidden>
        <form id="by-passkey"><button class="whole">Use a passkey</button></form>
        <form id="by-code">
          <div class="field">
            <label for="code">Code of your app, or a recovery code</label>
            <input id="code" name="code" autocomplete="one-time-code" required />
          </div>
          <button class="whole">Sign in</button>
        </form>
        <p><button type="button" class="quiet whole" id="back">Start again</button></p>
      </div>

      <div id="account" hidden>
        <div class="account">
          <p>
            <strong id="who"></strong><br />
            <span class="soft">signed in by <code id="how"></code></span>
          </p>
          <button type="button" class="quiet" id="leave">Sign out</button>
        </div>
        <h2>Passkeys</h2>
        <p class="soft" id="none">None yet.</p>
        <ul class="passkeys" id="passkeys"></ul>
        <form id="add"><button class="whole">Add a passkey</button></form>
      </div>`,
  ),
  script: pageScript(english, {}, SCRIPT),
};
