/** What the page is told by who serves it. */
export interface PageConfig {
  /** Where the API answers, from the page on; "/" at its end. */
  readonly api: string;
  /** Region that requests are signed for. */
  readonly region: string;
  /** Whom it acts for; absent where somebody has to say so first. Only a local AWS tells them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const PLACE = /(<script type="application\/json" id="config">)[^<]*(<\/script>)/;

/** The page, told this. */
export function withConfig(html: string, config: PageConfig): string {
  // Nothing in it may end the element.
  const json = JSON.stringify(config).replaceAll('<', '\\u003c');
  return html.replace(PLACE, (_, begin: string, end: string) => `${begin}${json}${end}`);
}
