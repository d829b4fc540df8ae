import { STATUS_CODES } from 'node:http';
import { type Code, CODES } from '../common/errors/codes.js';
import { html, type PageTemplate } from '../common/http/page.js';
import { wide } from '../pages/layout.js';
import { PAGE_STYLE } from '../pages/style.js';

/** What the `type` of a problem leads to: every code, what it means and what to do about it. */
export function errorCodesPage(): PageTemplate {
  const codes = (Object.keys(CODES) as Code[]).map((code) => {
    const { status, title, cure } = CODES[code];
    return html`<section id="${code}">
      <h2><code>${code}</code> <span class="badge">${status} ${STATUS_CODES[status]!}</span></h2>
      <p>${title}</p>
      <p class="soft">${cure}</p>
    </section>`;
  });
  return {
    title: 'Error codes · Latchkey',
    style: `${PAGE_STYLE}${STYLE}`,
    body: wide(html`<h1>Error codes</h1>
      <p class="lead">
        The <code>code</code> of an answer of type <code>application/problem+json</code>. Codes are
        never renamed and never change their meaning; new ones are added.
      </p>
      ${codes}`),
  };
}

const STYLE = `
section { padding: .75rem 1rem; border-radius: .5rem; }
section:target { background: var(--good-soft); }
section h2 { margin: 0 0 .375rem; font-size: 1rem; }
section p { margin: 0 0 .25rem; }
`;
