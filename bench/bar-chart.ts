/** Bars that belong together, under one heading. */
export interface BarGroup {
  readonly name: string;
  readonly bars: readonly { readonly name: string; readonly value: number }[];
}

const ROW = 18;
const LABEL = 170;
const LONGEST = 380;
const COLOURS = ['#1f6feb', '#79b8ff', '#8c8c8c', '#d29922', '#a371f7', '#3fb950', '#0a3069', '#9a6700'];

/** An SVG of horizontal bars, each group to its own scale; a name has the same colour in all. */
export function barChart(unit: string, groups: readonly BarGroup[]): string {
  let y = 0;
  const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))];
  const drawn = groups.flatMap(({ name, bars }) => {
    const most = Math.max(...bars.map(({ value }) => value));
    y += ROW * 1.5;
    const heading = text(0, y, `${name} (${unit})`, 'font-weight="bold"');
    const lines = bars.map((bar) => {
      y += ROW;
      const length = Math.max(1, (bar.value / most) * LONGEST);
      const rect = `<rect x="${LABEL}" y="${y - 12}" width="${length.toFixed(1)}" height="13" fill="${COLOURS[names.indexOf(bar.name) % COLOURS.length]}"/>`;
      return text(0, y, bar.name) + rect + text(LABEL + length + 6, y, bar.value.toFixed(2));
    });
    return [heading, ...lines];
  });
  const size = `width="${LABEL + LONGEST + 70}" height="${Math.ceil(y + ROW)}"`;
  const style = '<rect width="100%" height="100%" fill="white"/>';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="12"><title>${unit} of each tool</title>${style}\n${drawn.join('\n')}\n</svg>\n`;
}

function text(x: number, y: number, content: string, more = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" ${more}>${escaped}</text>`;
}
