import { html } from '../common/http/page.js';
import { narrow, noScript } from './layout.js';
import { pageScript } from './script.js';
import { PAGE_STYLE } from './style.js';
import { translated } from './translated.js';

const SCRIPT = /* js */ `
const token = takeToken();

onSubmit($('report'), async () => {
  const answer = await post('/auth/not-me', { token });
  if (answer.status === 204) {
    $('report').remove();
    say('good', words.done);
  } else if (answer.body.code === 'token_invalid') {
    refer('bad', words.invalid);
  } else {
    sayRefusal(answer);
  }
});

function refer(kind, sentence) {
  $('report').remove();
  $('elsewhere').hidden = false;
  say(kind, sentence);
}

if (token === '') refer('', words.open);
else $('report').hidden = false;
`;

/**
 * Where the link of a notice leads: `GET /auth/not-me#token=...`. Loading it spends nothing; the
 * button does.
 */
export const notMePage = translated((words) => {
  const { title, script, ...texts } = words.notMe;
  return {
    title: `${title} · Latchkey`,
    style: PAGE_STYLE,
    body: narrow(
      html`<h1>${texts.heading}</h1>
        ${noScript(texts.noScript)}
        <div id="outcome" role="status"></div>
        <form id="report" hidden>
          <p>${texts.lead}</p>
          <ul>
            ${texts.consequences.map((consequence) => html`<li>${consequence}</li>`)}
          </ul>
          <button class="whole">${texts.report}</button>
        </form>
        <p id="elsewhere" hidden><a href="/auth/password/reset">${texts.elsewhere}</a></p>`,
    ),
    script: pageScript(words, script, SCRIPT),
  };
});
