import { html, type PageTemplate } from '../common/http/page.js';
import { narrow } from './layout.js';
import { PAGE_SCRIPT } from './script.js';
import { PAGE_STYLE } from './style.js';

/**
 * Where the mail's link leads: `GET /auth/verify-email#token=...`. Loading it spends nothing; the
 * button does. Without a token, or with one that is no good, it takes the six-digit code of the
 * mail, or asks for a new mail.
 */
export const verifyEmailPage: PageTemplate = {
  title: 'Confirm your address · Latchkey',
  style: PAGE_STYLE,
  body: narrow(
    html`<h1>Confirm your address</h1>
      <noscript>
        <p class="notice">
          This page sends your confirmation with JavaScript, which is switched off. Switch it on and
          load the page again, or type the six-digit code from the mail where you registered.
        </p>
      </noscript>
      <div id="outcome" role="status"></div>

      <form id="by-link" hidden>
        <p class="lead">Press the button to confirm that this e-mail address is yours.</p>
        <button class="whole">Confirm my address</button>
      </form>

      <form id="by-code" hidden>
        <p class="lead">Type the code from the newest mail, or have a new mail sent.</p>
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
        <div class="field">
          <label for="code">Six-digit code</label>
          <input
            class="code"
            id="code"
            name="code"
            inputmode="numeric"
            autocomplete="one-time-code"
          />
        </div>
        <div class="actions">
          <button value="confirm">Confirm</button>
          <button value="resend" class="quiet">Send a new mail</button>
        </div>
      </form>`,
  ),
  script: /* js */ `${PAGE_SCRIPT}
const token = takeToken();
$(token === '' ? 'by-code' : 'by-link').hidden = false;

onSubmit($('by-link'), async () => finish(await post('/auth/verify-email', { token })));

onSubmit($('by-code'), async (button) => {
  const email = $('email').value.trim();
  if (button?.value === 'resend') return resend(email);
  const code = $('code').value.replace(/\\s/g, '');
  if (!/^[0-9]{6}$/.test(code)) {
    say('bad', 'The code is the six digits in the mail.');
    return $('code').focus();
  }
  finish(await post('/auth/verify-email', { email, code }));
});

function finish(answer) {
  if (answer.status === 200) {
    $('by-link').hidden = $('by-code').hidden = true;
    say('good', answer.body.status === 'already_verified'
      ? 'This address was confirmed already. You can sign in.'
      : 'Your address is confirmed. You can sign in now.');
  } else if (answer.body.code === 'token_invalid' && !$('by-link').hidden) {
    $('by-link').hidden = true;
    $('by-code').hidden = false;
    say('bad', 'This link is no longer valid: it is too old, or a newer mail took its place.');
    $('email').focus();
  } else if (answer.body.code === 'token_invalid') {
    say('bad', 'This code is not right, or it is no longer valid. Have a new mail sent.');
    $('code').focus();
  } else {
    sayRefusal(answer);
  }
}

async function resend(email) {
  const answer = await post('/auth/verify-email/resend', { email });
  if (answer.status !== 202) return sayRefusal(answer);
  say('good', 'If this address waits to be confirmed, a new mail is on its way to it.');
  $('code').value = '';
  $('code').focus();
}
`,
};
