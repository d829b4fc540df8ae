import { html, type Html } from '../../common/http/page.js';
import type { Letter, Part } from './letter.js';

/** The letter as plain text. `sender` is the host the mail speaks for. */
export function toText(letter: Letter, sender: string): string {
  return `${[...letter.parts.map(textOf), `-- \n${letter.footer(sender)}`].join('\n\n')}\n`;
}

/**
 * The letter as HTML: inline styles (mail programs drop everything else), colours that a dark mode
 * can turn, nothing loaded from anywhere.
 */
export function toHtml(letter: Letter, sender: string): string {
  const page = html`<!doctype html>
    <html lang="${letter.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>${letter.subject}</title>
      </head>
      <body
        style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"
      >
        <div style="max-width:520px;margin:0 auto">
          <h1 style="font-size:20px;line-height:1.3;margin:0 0 20px">${letter.subject}</h1>
          ${letter.parts.map(htmlOf)}
          <p
            style="margin:32px 0 0;padding-top:12px;border-top:1px solid #8885;font-size:13px;opacity:.75"
          >
            ${letter.footer(sender)}
          </p>
        </div>
      </body>
    </html> `;
  // Indentation helps whoever reads this file, and nobody who gets the mail.
  return page.source.replaceAll(/\n\s+/g, '\n');
}

function textOf(part: Part): string {
  switch (part.kind) {
    case 'paragraph':
      return part.text;
    case 'action':
      return `${part.label}:\n${part.link}`;
    case 'code':
      return `${part.label}\n${part.code}`;
    case 'facts':
      return part.facts.map(([label, value]) => `${label}: ${value}`).join('\n');
  }
}

function htmlOf(part: Part): Html {
  switch (part.kind) {
    case 'paragraph':
      return html`<p style="margin:0 0 16px">${part.text}</p> `;
    case 'action':
      return html`<p style="margin:24px 0">
          <a
            href="${part.link}"
            style="display:inline-block;padding:12px 20px;border-radius:6px;background:#2f6f4f;color:#ffffff;text-decoration:none;font-weight:600"
            >${part.label}</a
          >
        </p>
        <p style="margin:0 0 16px;font-size:13px;opacity:.75;word-break:break-all">
          ${part.link}
        </p> `;
    case 'code':
      return html`<p style="margin:0 0 8px">${part.label}</p>
        <p
          style="margin:0 0 16px;font:600 28px/1.2 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.2em"
        >
          ${part.code}
        </p> `;
    case 'facts':
      return html`<table role="presentation" style="margin:0 0 16px;border-collapse:collapse">
        ${part.facts.map(
          ([label, value]) =>
            html`<tr>
              <td style="padding:2px 16px 2px 0;opacity:.75">${label}</td>
              <td style="padding:2px 0">${value}</td>
            </tr>`,
        )}
      </table> `;
  }
}
