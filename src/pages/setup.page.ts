import { html, type PageTemplate } from '../common/http/page.js';
import { narrow } from './layout.js';
import { newPasswordField } from './password-field.js';
import { PAGE_SCRIPT } from './script.js';
import { PAGE_STYLE } from './style.js';

/** Where the one-use setup link leads, which the server logs while there is no administrator. */
export const setupPage: PageTemplate = {
  title: 'First administrator · Latchkey',
  style: PAGE_STYLE,
  body: narrow(
    html`<h1>First administrator</h1>
      <noscript>
        <p class="notice">
          This page needs JavaScript, which is switched off. Switch it on and open the link again,
          or run <code>npm run admin -- create</code> with an address on the server.
        </p>
      </noscript>
      <div id="outcome" role="status"></div>
      <form id="make" hidden>
        <p class="lead">
          This account may do everything: it manages people, roles and sessions. The address counts
          as confirmed.
        </p>
        <div class="field">
          <label for="email">E-mail address</label>
          <input
            id="email"
            name="email"
            type="email"
            autocomplete="username"
            autocapitalize="none"
            spellcheck="false"
            required
          />
        </div>
        ${newPasswordField('Password')}
        <button class="whole">Make administrator</button>
      </form>
      <p id="next" hidden>
        Go on in the <a href="/docs">API documentation</a>: press Authorize there, and give address
        and password.
      </p>`,
  ),
  script: /* js */ `${PAGE_SCRIPT}
const token = takeToken();
if (token === '') say('', 'Open the setup link that the server wrote to its log or terminal.');
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
    say('good', 'The administrator is made.');
  } else if (answer.body.code === 'token_invalid') {
    $('make').remove();
    say('bad', 'This setup link is no longer valid. While there is no administrator, the server writes a new one to its log when it starts.');
  } else {
    sayRefusal(answer);
  }
});
`,
};
