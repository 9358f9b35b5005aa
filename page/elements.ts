/** The element of page.html that has this id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found) return found as T;
  throw new Error(`the page has no element ${id}`);
}

/** Makes an element; text in it is text, whatever it holds. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  children: readonly (Node | string)[],
): HTMLElementTagNameMap[Tag] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Terms and what they are. */
export function definitions(className: string, rows: readonly (readonly [term: string, text: string])[]): HTMLElement {
  return element(
    'dl',
    { className },
    rows.flatMap(([term, text]) => [element('dt', {}, [term]), element('dd', {}, [text])]),
  );
}

/** The time from one moment to another, or until now. */
export function took({ startedAt, stoppedAt }: { startedAt: string; stoppedAt?: string | undefined }): string {
  const end = stoppedAt === undefined ? Date.now() : Date.parse(stoppedAt);
  // The clock of the browser may be behind.
  return `${(Math.max(0, end - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}
