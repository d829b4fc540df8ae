import { html, type PageTemplate } from '../common/http/page.js';
import { narrow } from './layout.js';
import { PAGE_SCRIPT } from './script.js';
import { PAGE_STYLE } from './style.js';

/**
 * Where the mail to the present address leads when another one was asked for:
 * `GET /auth/email/cancel#token=...`. Loading it spends nothing; the button does.
 */
export const cancelEmailChangePage: PageTemplate = {
  title: 'Keep your address · Latchkey',
  style: PAGE_STYLE,
  body: narrow(
    html`<h1>Keep your address</h1>
      <noscript>
        <p class="notice">
          This page cancels the change with JavaScript, which is switched off. Switch it on and open
          the link from the mail again.
        </p>
      </noscript>
      <div id="outcome" role="status"></div>
      <form id="cancel" hidden>
        <p class="lead">
          Somebody asked to change the address of your account. Press the button to cancel that:
          your address stays as it is.
        </p>
        <button class="whole">Cancel the change</button>
      </form>`,
  ),
  script: /* js */ `${PAGE_SCRIPT}
const token = takeToken();
if (token === '') say('', 'Open the link from the mail about the change of your address.');
else $('cancel').hidden = false;

onSubmit($('cancel'), async () => {
  const answer = await post('/auth/email/cancel', { token });
  if (answer.status === 204) {
    $('cancel').remove();
    say('good', 'The change is cancelled. Your address stays as it is. If you did not ask for it, follow the other link in the mail, too: somebody else may know your password.');
  } else if (answer.body.code === 'token_invalid') {
    $('cancel').remove();
    say('bad', 'There is nothing to cancel any more: the link was used, is too old, or the change is done. If it was not you, follow the link in the newest mail.');
  } else {
    sayRefusal(answer);
  }
});
`,
};
