import { html } from '../common/http/page.js';
import { narrow, noScript } from './layout.js';
import { pageScript } from './script.js';
import { PAGE_STYLE } from './style.js';
import { translated } from './translated.js';
import type { PageWords } from './words/catalogue.js';

/** @param path where the button sends the token of the link to */
const scriptFor = (path: string) => /* js */ `
const token = takeToken();
if (token === '') say('', words.open);
else $('use').hidden = false;

onSubmit($('use'), async () => {
  const answer = await post('${path}', { token });
  if (answer.status < 300) {
    $('use').remove();
    say('good', words.done);
  } else if (answer.body.code === 'token_invalid') {
    $('use').remove();
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
  const { confirm, ...texts } = words.confirmEmailChange;
  return withOneButton(words, texts, confirm, '/auth/email/confirm');
});

/**
 * Where the mail to the present address leads when another one was asked for:
 * `GET /auth/email/cancel#token=...`. Loading it spends nothing; the button does.
 */
export const cancelEmailChangePage = translated((words) => {
  const { cancel, ...texts } = words.cancelEmailChange;
  return withOneButton(words, texts, cancel, '/auth/email/cancel');
});

function withOneButton(
  words: PageWords,
  { title, lead, noScript: without, script }: Omit<PageWords['confirmEmailChange'], 'confirm'>,
  button: string,
  path: string,
) {
  return {
    title: `${title} · Latchkey`,
    style: PAGE_STYLE,
    body: narrow(
      html`<h1>${title}</h1>
        ${noScript(without)}
        <div id="outcome" role="status"></div>
        <form id="use" hidden>
          <p class="lead">${lead}</p>
          <button class="whole">${button}</button>
        </form>`,
    ),
    script: pageScript(words, script, scriptFor(path)),
  };
}
