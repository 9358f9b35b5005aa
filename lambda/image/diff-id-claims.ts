/** What configs say of the content of one blob, distinct: more than one where they contradict each other. */
export function diffIdClaims(claims: readonly (string | undefined)[]): { diffIds?: string[] } {
  const diffIds = [...new Set(claims)].filter((diffId) => diffId !== undefined);
  return diffIds.length === 0 ? {} : { diffIds };
}
