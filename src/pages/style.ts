/**
 * The style all pages share: system fonts, one accent, light and dark.
 *
 * layout.ts makes the frame: `narrow` (one thing to do) or `wide` (a list or a guide). What a page
 * may use in it, beside plain headings, text, links, lists and tables:
 *
 * - `.card` a raised area; `.lead` the sentence under the heading; `.soft` less important text;
 * - `.field` holds a `label`, its `input` and, beside it, a `button.quiet`;
 * - `button` is the one thing to do here; `button.quiet` anything else; `.actions` a row of them;
 * - `.notice.good`, `.notice.bad` what came of it; `.badge`, `.badge.good`, `.badge.bad` a state;
 * - `pre` lines to copy; `.hidden-text` for screen readers only.
 */
export const PAGE_STYLE = /* css */ `
:root {
  color-scheme: light dark;
  --paper: #f5f7f5; --card: #ffffff; --ink: #19211c; --soft: #55615a; --line: #d9e0db;
  --edge: #87948c; --accent: #24694a; --accent-strong: #1a5238; --on-accent: #ffffff;
  --good: #1d6242; --good-soft: #e4f2ea; --bad: #9c2428; --bad-soft: #fbebea; --code: #eef2ef;
  --focus: #1b6ad1; --shadow: 0 1px 2px rgb(20 40 30 / .06), 0 8px 24px rgb(20 40 30 / .05);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #111512; --card: #191f1b; --ink: #e6ebe7; --soft: #a3afa7; --line: #2c352f;
    --edge: #6d7a72; --accent: #82cfa5; --accent-strong: #a2e0be; --on-accent: #0c1a12;
    --good: #93d9b2; --good-soft: #17301f; --bad: #f4a6a2; --bad-soft: #371c1c; --code: #0d110f;
    --focus: #7db4ff; --shadow: none;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1.5rem; }
body {
  margin: 0; min-height: 100vh; padding: 0 1.25rem 4rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.6 var(--sans);
}
.brand, .brand a { display: flex; align-items: center; gap: .5rem; }
.brand {
  max-width: 52rem; margin: 0 auto; padding: 1.5rem 0; font-size: 1.0625rem; font-weight: 650;
  letter-spacing: -.01em;
}
.brand svg { width: 1.5rem; height: 1.5rem; color: var(--accent); }
.brand a { color: inherit; text-decoration: none; }
.narrow .brand { justify-content: center; padding-top: 0; }
main { margin: 0 auto; }
main.wide { max-width: 52rem; }
main.narrow h1 { margin-bottom: 1rem; }
main.narrow { max-width: 27rem; padding-top: clamp(1.5rem, 12vh, 7rem); }
.card {
  padding: 2rem; border: 1px solid var(--line); border-radius: .875rem;
  background: var(--card); box-shadow: var(--shadow);
}
h1, h2, h3 { line-height: 1.25; letter-spacing: -.015em; text-wrap: balance; }
h1 { margin: 0 0 .5rem; font-size: 1.625rem; font-weight: 680; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.1875rem; font-weight: 650; }
h3 { margin: 0; font-size: 1rem; font-weight: 650; }
p { margin: 0 0 1rem; }
.lead { color: var(--soft); }
.soft { color: var(--soft); font-size: .875rem; }
.card > :last-child { margin-bottom: 0; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { color: var(--accent-strong); text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
a:focus-visible { border-radius: .25rem; }
code, pre, kbd { font-family: var(--mono); font-size: .8125rem; }
code { padding: .1em .35em; border-radius: .3rem; background: var(--code); overflow-wrap: anywhere; }
pre {
  margin: 0; padding: .875rem 1rem; border: 1px solid var(--line);
  border-radius: .5rem; background: var(--code); line-height: 1.65; overflow-x: auto;
}
pre code { padding: 0; background: none; overflow-wrap: normal; }
.field { margin: 0 0 1.125rem; }
.field .row { display: flex; gap: .5rem; }
.field .row input { flex: 1; min-width: 0; }
label { display: block; margin: 0 0 .375rem; font-size: .9375rem; font-weight: 600; }
.hint { display: block; margin: .375rem 0 0; color: var(--soft); font-size: .875rem; }
input {
  width: 100%; min-height: 2.75rem; padding: .5rem .75rem; border: 1px solid var(--edge);
  border-radius: .5rem; background: var(--paper); color: var(--ink); font: inherit;
}
input[aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
input.code { font-family: var(--mono); font-size: 1.25rem; letter-spacing: .3em; }
button {
  min-height: 2.75rem; padding: .5rem 1.25rem; border: 1px solid transparent; border-radius: .5rem;
  background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600;
  cursor: pointer;
}
button:hover { background: var(--accent-strong); }
button.whole { width: 100%; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; }
.actions button { flex: 1 0 auto; }
button.quiet {
  padding: .5rem .875rem; border-color: var(--edge); background: var(--card); color: var(--ink);
  font-weight: 500;
}
button.quiet:hover { border-color: var(--ink); background: var(--code); }
button[disabled] { opacity: .6; cursor: default; }
.notice {
  margin: 0 0 1.25rem; padding: .75rem 1rem; border-radius: .5rem; background: var(--code);
}
.notice p { margin: 0; }
.notice ul { margin: .25rem 0 0; padding-left: 1.25rem; }
.notice.good { background: var(--good-soft); color: var(--good); }
.notice.bad { background: var(--bad-soft); color: var(--bad); }
.notice a { color: inherit; }
.badge {
  display: inline-block; padding: .1rem .55rem; border-radius: 1rem; background: var(--code);
  color: var(--soft); font-size: .8125rem; font-weight: 600; white-space: nowrap;
}
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.bad { background: var(--bad-soft); color: var(--bad); }
.hidden-text {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap;
}
[hidden] { display: none !important; }
@media (max-width: 30rem) { .card { padding: 1.5rem 1.25rem; } h1 { font-size: 1.5rem; } }
@media (prefers-reduced-motion: no-preference) {
  button, input { transition: background-color .15s, border-color .15s; }
}
`;
