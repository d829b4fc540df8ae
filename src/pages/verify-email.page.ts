import { html } from '../common/http/page.js';
import { emailField } from './fields.js';
import { narrow, noScript } from './layout.js';
import { pageScript } from './script.js';
import { PAGE_STYLE } from './style.js';
import { translated } from './translated.js';

const SCRIPT = /* js */ `
const token = takeToken();
$(token === '' ? 'by-code' : 'by-link').hidden = false;

onSubmit($('by-link'), async () => finish(await post('/auth/verify-email', { token })));

onSubmit($('by-code'), async (button) => {
  const email = $('email').value.trim();
  if (button?.value === 'resend') return resend(email);
  const code = $('code').value.replace(/\\s/g, '');
  if (!/^[0-9]{6}$/.test(code)) {
    say('bad', words.sixDigits);
    return $('code').focus();
  }
  finish(await post('/auth/verify-email', { email, code }));
});

function finish(answer) {
  if (answer.status === 200) {
    $('by-link').hidden = $('by-code').hidden = true;
    say('good', answer.body.status === 'already_verified' ? words.already : words.done);
  } else if (answer.body.code === 'token_invalid' && !$('by-link').hidden) {
    $('by-link').hidden = true;
    $('by-code').hidden = false;
    say('bad', words.linkInvalid);
    $('email').focus();
  } else if (answer.body.code === 'token_invalid') {
    say('bad', words.codeInvalid);
    $('code').focus();
  } else {
    sayRefusal(answer);
  }
}

async function resend(email) {
  const answer = await post('/auth/verify-email/resend', { email });
  if (answer.status !== 202) return sayRefusal(answer);
  say('good', words.resent);
  $('code').value = '';
  $('code').focus();
}
`;

/**
 * Where the mail's link leads: `GET /auth/verify-email#token=...`. Loading it spends nothing; the
 * button does. Without a token, or with one that is no good, it takes the six-digit code of the
 * mail, or asks for a new mail.
 */
export const verifyEmailPage = translated((words) => {
  const { title, script, ...texts } = words.verifyEmail;
  return {
    title: `${title} · Latchkey`,
    style: PAGE_STYLE,
    body: narrow(
      html`<h1>${title}</h1>
        ${noScript(texts.noScript)}
        <div id="outcome" role="status"></div>

        <form id="by-link" hidden>
          <p class="lead">${texts.byLink}</p>
          <button class="whole">${texts.confirm}</button>
        </form>

        <form id="by-code" hidden>
          <p class="lead">${texts.byCode}</p>
          ${emailField(words, 'email')}
          <div class="field">
            <label for="code">${texts.code}</label>
            <input
              class="code"
              id="code"
              name="code"
              inputmode="numeric"
              autocomplete="one-time-code"
            />
          </div>
          <div class="actions">
            <button value="confirm">${texts.confirmCode}</button>
            <button value="resend" class="quiet">${texts.resend}</button>
          </div>
        </form>`,
    ),
    script: pageScript(words, script, SCRIPT),
  };
});
