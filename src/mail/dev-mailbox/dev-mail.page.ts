import { html, type Html, type PageTemplate } from '../../common/http/page.js';
import { wide } from '../../pages/layout.js';
import { PAGE_STYLE } from '../../pages/style.js';
import type { KeptMail } from './captured-mails.js';

/** `GET /dev/mail`: works without its script, which only spares the reader from reloading. */
export function mailboxPage(mails: KeptMail[]): PageTemplate {
  return {
    title: mails.length === 0 ? 'Mail' : `Mail (${mails.length})`,
    style: STYLE,
    script: SCRIPT,
    body: wide(html`
      <h1>Mail</h1>
      <p class="lead">
        No mail server is set up, so mail stays here instead of being sent: the newest 200, for
        development only. This page shows new mail by itself.
      </p>
      <div id="mails" data-newest="${mails[0]?.id ?? ''}" aria-live="polite">
        ${mails.length === 0 ? EMPTY : mails.map((mail, i) => mailItem(mail, i === 0))}
      </div>
    `),
  };
}

const EMPTY = html`<div class="card empty">
  <p>No mail yet. Register an account, and its confirmation arrives here.</p>
</div>`;

function mailItem(mail: KeptMail, open: boolean): Html {
  const time = mail.sentAt.toISOString();
  const content = html`<summary>
      <span class="subject">${mail.subject}</span>
      <span class="soft">${mail.to}</span>
      <time class="soft" datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time>
    </summary>
    <div class="mail">
      ${mail.link === null ? [] : html`<p><a class="action" href="${mail.link}" target="_blank" rel="noopener noreferrer">Open the link</a></p>`}
      ${mail.code === null ? [] : html`<p class="digits"><span class="soft">Code</span> <strong>${mail.code}</strong></p>`}
      <pre>${mail.text}</pre>
      <details class="source">
        <summary class="soft">HTML source</summary>
        <pre>${mail.html}</pre>
      </details>
    </div>`;
  return open
    ? html`<details class="card item" id="${mail.id}" open>${content}</details>`
    : html`<details class="card item" id="${mail.id}">${content}</details>`;
}

const STYLE = `${PAGE_STYLE}${
  /* css */ `
.item, .empty { padding: 0; margin: 0 0 .75rem; }
.empty { padding: 2rem; text-align: center; color: var(--soft); }
.item > summary {
  display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .875rem 1.25rem;
  cursor: pointer; list-style: none; border-radius: .875rem;
}
.item > summary::-webkit-details-marker { display: none; }
.item > summary:hover .subject { color: var(--accent-strong); }
.item > summary > * { overflow-wrap: anywhere; }
.subject { font-weight: 600; grid-column: 1 / -1; }
.item[open] > summary { border-bottom: 1px solid var(--line); border-radius: .875rem .875rem 0 0; }
.mail { padding: 1.25rem; }
.mail pre { white-space: pre-wrap; overflow-wrap: anywhere; }
a.action {
  display: inline-block; padding: .5rem 1.25rem; border-radius: .5rem; font-weight: 600;
  background: var(--accent); color: var(--on-accent); text-decoration: none;
}
a.action:hover { background: var(--accent-strong); color: var(--on-accent); }
.digits strong { font: 600 1.5rem/1.2 var(--mono); letter-spacing: .2em; margin-left: .5rem; user-select: all; }
.source { margin: 1rem 0 0; }
.source > summary { cursor: pointer; }
.source pre { margin-top: .5rem; max-height: 24rem; overflow: auto; }
@media (max-width: 30rem) { .item > summary { grid-template-columns: 1fr; } }
`
}`;

/** Asks for the newest mail every two seconds; when there is another, takes the list from the page anew. */
const SCRIPT = /* js */ `
const mails = document.getElementById('mails');
async function refresh() {
  const answer = await fetch('/dev/mail/messages?limit=1');
  if (!answer.ok) return;
  const newest = (await answer.json()).items[0]?.id ?? '';
  if (newest === mails.dataset.newest) return;
  const page = new DOMParser().parseFromString(await (await fetch('/dev/mail')).text(), 'text/html');
  const fresh = page.getElementById('mails');
  for (const open of mails.querySelectorAll('details.item[open]')) {
    fresh.querySelector('details[id="' + open.id + '"]')?.setAttribute('open', '');
  }
  mails.dataset.newest = fresh.dataset.newest;
  mails.replaceChildren(...fresh.childNodes);
  document.title = page.title;
}
for (;;) {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  if (!document.hidden) await refresh().catch(() => {});
}
`;
