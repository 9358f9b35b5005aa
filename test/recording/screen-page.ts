const COLORS: Readonly<Record<string, string>> = {
  31: '#ff8a80',
  32: '#5ed58b',
  33: '#e8c268',
  39: 'inherit',
  0: 'inherit',
};

/** A page that looks as a terminal does: the text of a screen, with its colours. */
export function screenPage(screen: string): string {
  const html = screen
    .trimEnd()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    .replace(/\u001b\[([\d;]*)m/g, (_, codes: string) => {
      const color = codes
        .split(';')
        .map((code) => COLORS[code === '' ? 0 : Number(code)])
        .find((found) => found);
      return `</span><span style="color:${color ?? 'inherit'}">`;
    });
  const style =
    'margin:0;padding:16px;display:inline-block;background:#10151c;color:#e3e9f0;font:14px/1.35 DejaVu Sans Mono,monospace';
  return `<!doctype html><body style="margin:0;background:#10151c"><pre style="${style}"><span>${html}</span></pre>`;
}
