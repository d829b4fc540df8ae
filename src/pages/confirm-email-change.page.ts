import { html, type PageTemplate } from '../common/http/page.js';
import { narrow } from './layout.js';
import { PAGE_SCRIPT } from './script.js';
import { PAGE_STYLE } from './style.js';

/**
 * Where the mail to a new address leads: `GET /auth/email/confirm#token=...`. Loading it spends
 * nothing; the button does.
 */
export const confirmEmailChangePage: PageTemplate = {
  title: 'Confirm your new address · Latchkey',
  style: PAGE_STYLE,
  body: narrow(
    html`<h1>Confirm your new address</h1>
      <noscript>
        <p class="notice">
          This page sends your confirmation with JavaScript, which is switched off. Switch it on and
          open the link from the mail again.
        </p>
      </noscript>
      <div id="outcome" role="status"></div>
      <form id="confirm" hidden>
        <p class="lead">
          Press the button to sign in with this e-mail address from now on. If you did not ask for
          that, close the page: nothing changes.
        </p>
        <button class="whole">Use the new address</button>
      </form>`,
  ),
  script: /* js */ `${PAGE_SCRIPT}
const token = takeToken();
if (token === '') say('', 'Open the link from the mail to your new address.');
else $('confirm').hidden = false;

onSubmit($('confirm'), async () => {
  const answer = await post('/auth/email/confirm', { token });
  if (answer.status === 200) {
    $('confirm').remove();
    say('good', 'Your address is changed. Sign in with the new one from now on; other devices were signed out.');
  } else if (answer.body.code === 'token_invalid') {
    $('confirm').remove();
    say('bad', 'This link is no longer valid: it is too old, was used or cancelled, or a newer mail took its place.');
  } else {
    sayRefusal(answer);
  }
});
`,
};
