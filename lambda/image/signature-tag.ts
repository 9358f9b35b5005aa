/**
 * Digest of what a tag says it is about: cosign's `sha256-<hex>.sig`, `.att` and `.sbom`, and the fallback tag of the
 * referrers API. https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md
 */
export function subjectInTag(tag: string): string | undefined {
  const hex = /^sha256-([a-f0-9]{64})(?:\.\w+)?$/.exec(tag)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

/** The tag under which cosign looks for what is about a digest. https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md */
export function signatureTag(subject: string, suffix: string): string {
  return `${subject.replace(':', '-')}.${suffix}`;
}
