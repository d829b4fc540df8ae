import { html } from '../common/http/page.js';
import { emailField, newPasswordField } from './fields.js';
import { narrow, noScript } from './layout.js';
import { pageScript } from './script.js';
import { PAGE_STYLE } from './style.js';
import { translated } from './translated.js';

const SCRIPT = /* js */ `
const token = takeToken();
onSubmit($('choose'), async () => {
  const answer = await post('/auth/password/reset', { token, password: $('password').value });
  if (answer.status === 204) {
    $('choose').remove();
    say('good', words.done);
  } else if (answer.body.code === 'token_invalid') {
    askAgain('bad', words.invalid);
  } else {
    sayRefusal(answer);
  }
});

onSubmit($('ask'), async () => {
  const answer = await post('/auth/password/forgot', { email: $('email').value.trim() });
  if (answer.status !== 202) return sayRefusal(answer);
  $('ask').remove();
  say('good', words.asked);
});

function askAgain(kind, sentence) {
  $('choose').remove();
  $('ask').hidden = false;
  say(kind, sentence);
  $('email').focus();
}

if (token === '') askAgain('', words.open);
else $('choose').hidden = false;
`;

/**
 * Where the links of reset and invitation mails lead: `GET /auth/password/reset#token=...`. A
 * refused password does not spend the token, so the form stays until one is taken.
 */
export const setPasswordPage = translated((words) => {
  const { title, script, ...texts } = words.setPassword;
  return {
    title: `${title} · Latchkey`,
    style: PAGE_STYLE,
    body: narrow(
      html`<h1>${title}</h1>
        ${noScript(texts.noScript)}
        <div id="outcome" role="status"></div>
        <form id="choose" hidden>
          ${newPasswordField(words, texts.password)}
          <button class="whole">${texts.set}</button>
        </form>
        <form id="ask" hidden>
          ${emailField(words, 'email')}
          <button class="whole">${texts.ask}</button>
        </form>`,
    ),
    script: pageScript(words, script, SCRIPT),
  };
});
