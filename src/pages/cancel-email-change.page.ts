import { html } from '../common/http/page.js';
import { narrow, noScript } from './layout.js';
import { pageScript } from './script.js';
import { PAGE_STYLE } from './style.js';
import { translated } from './translated.js';

const SCRIPT = /* js */ `
const token = takeToken();
if (token === '') say('', words.open);
else $('cancel').hidden = false;

onSubmit($('cancel'), async () => {
  const answer = await post('/auth/email/cancel', { token });
  if (answer.status === 204) {
    $('cancel').remove();
    say('good', words.done);
  } else if (answer.body.code === 'token_invalid') {
    $('cancel').remove();
    say('bad', words.invalid);
  } else {
    sayRefusal(answer);
  }
});
`;

/**
 * Where the mail to the present address leads when another one was asked for:
 * `GET /auth/email/cancel#token=...`. Loading it spends nothing; the button does.
 */
export const cancelEmailChangePage = translated((words) => {
  const { title, script, ...texts } = words.cancelEmailChange;
  return {
    title: `${title} · Latchkey`,
    style: PAGE_STYLE,
    body: narrow(
      html`<h1>${title}</h1>
        ${noScript(texts.noScript)}
        <div id="outcome" role="status"></div>
        <form id="cancel" hidden>
          <p class="lead">${texts.lead}</p>
          <button class="whole">${texts.cancel}</button>
        </form>`,
    ),
    script: pageScript(words, script, SCRIPT),
  };
});
