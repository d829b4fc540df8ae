import { html } from '../common/http/page.js';
import { narrow, noScript } from './layout.js';
import { pageScript } from './script.js';
import { PAGE_STYLE } from './style.js';
import { translated } from './translated.js';

const SCRIPT = /* js */ `
const token = takeToken();
if (token === '') say('', words.open);
else $('confirm').hidden = false;

onSubmit($('confirm'), async () => {
  const answer = await post('/auth/email/confirm', { token });
  if (answer.status === 200) {
    $('confirm').remove();
    say('good', words.done);
  } else if (answer.body.code === 'token_invalid') {
    $('confirm').remove();
    say('bad', words.invalid);
  } else {
    sayRefusal(answer);
  }
});
`;

/**
 * Where the mail to a new address leads: `GET /auth/email/confirm#token=...`. Loading it spends
 * nothing; the button does.
 */
export const confirmEmailChangePage = translated((words) => {
  const { title, script, ...texts } = words.confirmEmailChange;
  return {
    title: `${title} · Latchkey`,
    style: PAGE_STYLE,
    body: narrow(
      html`<h1>${title}</h1>
        ${noScript(texts.noScript)}
        <div id="outcome" role="status"></div>
        <form id="confirm" hidden>
          <p class="lead">${texts.lead}</p>
          <button class="whole">${texts.confirm}</button>
        </form>`,
    ),
    script: pageScript(words, script, SCRIPT),
  };
});
