import type { Entry } from './entry.ts';

/** The guestbook as an HTML page. Whatever visitors wrote is shown as the text it is. */
export function renderPage({
  title,
  entries,
}: {
  readonly title: string;
  readonly entries: readonly Entry[];
}): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body>
<h1>${escapeHtml(title)}</h1>
<form method="post" action="/entries">
  <p><label>Name <input name="name" maxlength="80" required></label></p>
  <p><label>Message <textarea name="message" maxlength="2000" required></textarea></label></p>
  <p><button>Sign</button></p>
</form>
${entries.map(renderEntry).join('\n')}
</body>
</html>
`;
}

function renderEntry({ name, message, at }: Entry): string {
  return `<article><h2>${escapeHtml(name)}</h2><p>${escapeHtml(message)}</p><time>${escapeHtml(at)}</time></article>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
