import { html, type PageTemplate } from '../common/http/page.js';
import { narrow } from './layout.js';
import { PAGE_SCRIPT } from './script.js';
import { PAGE_STYLE } from './style.js';

/**
 * Where the link of a notice leads: `GET /auth/not-me#token=...`. Loading it spends nothing; the
 * button does.
 */
export const notMePage: PageTemplate = {
  title: 'This was not me · Latchkey',
  style: PAGE_STYLE,
  body: narrow(
    html`<h1>Was it somebody else?</h1>
      <noscript>
        <p class="notice">
          This page sends your answer with JavaScript, which is switched off. Switch it on and open
          the link from the mail again.
        </p>
      </noscript>
      <div id="outcome" role="status"></div>
      <form id="report" hidden>
        <p>If you know nothing of what the mail says, press the button. Then</p>
        <ul>
          <li>every sign-in to your account ends, on all devices,</li>
          <li>a change of your e-mail address is taken back,</li>
          <li>you get a mail with a link to choose a new password.</li>
        </ul>
        <button class="whole">This was not me</button>
      </form>
      <p id="elsewhere" hidden>
        <a href="/auth/password/reset">Have a link for a new password sent</a>
      </p>`,
  ),
  script: /* js */ `${PAGE_SCRIPT}
const token = takeToken();

onSubmit($('report'), async () => {
  const answer = await post('/auth/not-me', { token });
  if (answer.status === 204) {
    $('report').remove();
    say('good', 'Every sign-in has ended. Now choose a new password: the link is on its way to you by mail.');
  } else if (answer.body.code === 'token_invalid') {
    refer('bad', 'This link is no longer valid: it is too old, or it was used already.');
  } else {
    sayRefusal(answer);
  }
});

function refer(kind, sentence) {
  $('report').remove();
  $('elsewhere').hidden = false;
  say(kind, sentence);
}

if (token === '') refer('', 'Open the link from your mail.');
else $('report').hidden = false;
`,
};
