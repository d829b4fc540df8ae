import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { preferredLanguage } from './accept-language.js';

/** A value that is HTML already; everything else put into {@link html} is escaped. */
export class Html {
  constructor(readonly source: string) {}
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ENTITIES[char]!);
}

/** Tagged template: text is escaped, {@link Html} and arrays of it are put in as they are. */
export function html(
  parts: TemplateStringsArray,
  ...values: (string | number | Html | Html[])[]
): Html {
  return new Html(parts.reduce((source, part, i) => source + render(values[i - 1]!) + part));
}

function render(value: string | number | Html | Html[]): string {
  if (Array.isArray(value)) return value.map((item) => item.source).join('');
  return value instanceof Html ? value.source : escapeHtml(String(value));
}

/** A page without outside files. Its style and script are named to the browser by their hashes. */
export interface PageTemplate {
  /** Language tag; `en` when left out. */
  language?: string;
  title: string;
  body: Html;
  style: string;
  script?: string;
  /** 200 when left out. */
  status?: number;
}

/** One page in each of its languages; the first is for whoever wants none of them. */
export type TranslatedPage = readonly PageTemplate[];

const hashes = new Map<string, string>();

/** {@link sendPage} in the language that the reader of it would rather have. */
export function sendTranslatedPage(reply: FastifyReply, pages: TranslatedPage): void {
  const language = preferredLanguage(
    reply.request.headers['accept-language'],
    pages.map((page) => page.language!),
  );
  const page = pages.find((candidate) => candidate.language === language) ?? pages[0]!;
  const vary = reply.getHeader('vary');
  void reply
    .header('vary', vary === undefined ? 'Accept-Language' : `${String(vary)}, Accept-Language`)
    .header('content-language', page.language);
  sendPage(reply, page);
}

/** Sends the page with the content security policy that lets just this style and script run. */
export function sendPage(reply: FastifyReply, page: PageTemplate): void {
  const policy = [
    "default-src 'none'",
    `style-src ${sourceHash(page.style)}`,
    "img-src 'self' data:",
    ...(page.script === undefined
      ? []
      : [`script-src ${sourceHash(page.script)}`, "connect-src 'self'"]),
    "base-uri 'none'",
    "object-src 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const script = page.script === undefined ? '' : `<script type="module">${page.script}</script>`;
  void reply
    .code(page.status ?? 200)
    .header('content-security-policy', policy)
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><html lang="${page.language ?? 'en'}"><head><meta charset="utf-8">` +
        `<meta name="viewport" content="width=device-width, initial-scale=1">` +
        `<meta name="color-scheme" content="light dark"><link rel="icon" href="${ICON}">` +
        `<title>${escapeHtml(page.title)}</title><style>${page.style}</style></head>` +
        `<body>${page.body.source}${script}</body></html>`,
    );
}

function sourceHash(source: string): string {
  let hash = hashes.get(source);
  if (hash === undefined) {
    hash = `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
    hashes.set(source, hash);
  }
  return hash;
}

/** A small key, drawn. */
export const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="11" cy="12" r="7" fill="none" stroke="#2f6f4f" stroke-width="4"/><path d="M16 17l11 11m-4-4 3-3m-7-1 3-3" stroke="#2f6f4f" stroke-width="4" stroke-linecap="round"/></svg>',
  );
