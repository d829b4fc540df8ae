import { html, type PageTemplate } from '../common/http/page.js';
import { narrow } from './layout.js';
import { newPasswordField } from './password-field.js';
import { PAGE_SCRIPT } from './script.js';
import { PAGE_STYLE } from './style.js';

/**
 * Where the links of reset and invitation mails lead: `GET /auth/password/reset#token=...`. A
 * refused password does not spend the token, so the form stays until one is taken.
 */
export const setPasswordPage: PageTemplate = {
  title: 'Choose a password · Latchkey',
  style: PAGE_STYLE,
  body: narrow(
    html`<h1>Choose a password</h1>
      <noscript>
        <p class="notice">
          This page sends your password with JavaScript, which is switched off. Switch it on and
          open the link from the mail again.
        </p>
      </noscript>
      <div id="outcome" role="status"></div>
      <form id="choose" hidden>
        ${newPasswordField('New password')}
        <button class="whole">Set password</button>
      </form>
      <form id="ask" hidden>
        <div class="field">
          <label for="email">E-mail address</label>
          <input
            id="email"
            name="email"
            type="email"
            autocomplete="email"
            autocapitalize="none"
            spellcheck="false"
            required
          />
        </div>
        <button class="whole">Send a new link</button>
      </form>`,
  ),
  script: /* js */ `${PAGE_SCRIPT}
const token = takeToken();
onSubmit($('choose'), async () => {
  const answer = await post('/auth/password/reset', { token, password: $('password').value });
  if (answer.status === 204) {
    $('choose').remove();
    say('good', 'Your password is set. You can sign in with it now; every earlier sign-in has ended.');
  } else if (answer.body.code === 'token_invalid') {
    askAgain('bad', 'This link is no longer valid: it is too old, was used, or a newer mail took its place.');
  } else {
    sayRefusal(answer);
  }
});

onSubmit($('ask'), async () => {
  const answer = await post('/auth/password/forgot', { email: $('email').value.trim() });
  if (answer.status !== 202) return sayRefusal(answer);
  $('ask').remove();
  say('good', 'If this address has an account, a mail with a new link is on its way.');
});

function askAgain(kind, sentence) {
  $('choose').remove();
  $('ask').hidden = false;
  say(kind, sentence);
  $('email').focus();
}

if (token === '') askAgain('', 'Open the link from your mail, or have a new one sent.');
else $('choose').hidden = false;
`,
};
