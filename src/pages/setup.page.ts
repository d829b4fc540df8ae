import { html } from '../common/http/page.js';
import { emailField, newPasswordField } from './fields.js';
import { narrow, noScript } from './layout.js';
import { pageScript } from './script.js';
import { PAGE_STYLE } from './style.js';
import { translated } from './translated.js';

const SCRIPT = /* js */ `
const token = takeToken();
if (token === '') say('', words.open);
else $('make').hidden = false;

onSubmit($('make'), async () => {
  const answer = await post('/setup', {
    token,
    email: $('email').value.trim(),
    password: $('password').value,
  });
  if (answer.status === 201) {
    $('make').remove();
    $('next').hidden = false;
    say('good', words.done);
  } else if (answer.body.code === 'token_invalid') {
    $('make').remove();
    say('bad', words.invalid);
  } else {
    sayRefusal(answer);
  }
});
`;

/** Where the one-use setup link leads, which the server logs while there is no administrator. */
export const setupPage = translated((words) => {
  const { title, script, ...texts } = words.setup;
  const [run, withAddress] = texts.noScript;
  const [goOn, documentation, authorize] = texts.next;
  return {
    title: `${title} · Latchkey`,
    style: PAGE_STYLE,
    body: narrow(
      html`<h1>${title}</h1>
        ${noScript(html`${run} <code>npm run admin -- create</code> ${withAddress}`)}
        <div id="outcome" role="status"></div>
        <form id="make" hidden>
          <p class="lead">${texts.lead}</p>
          ${emailField(words, 'username')} ${newPasswordField(words, texts.password)}
          <button class="whole">${texts.make}</button>
        </form>
        <p id="next" hidden>${goOn} <a href="/docs">${documentation}</a>${authorize}</p>`,
    ),
    script: pageScript(words, script, SCRIPT),
  };
});
