import type { Scenario } from './sections/side-by-side';

/** What is pushed side by side; `quick` has the same shapes with less in them. */
export function scenarios(quick: boolean): readonly Scenario[] {
  const oci = {
    format: 'oci-archive',
    ...(quick ? { layers: 3, layerMib: 32 } : { layers: 12, layerMib: 240 }),
  } as const;
  const docker = {
    format: 'docker-archive',
    ...(quick ? { layers: 2, layerMib: 24 } : { layers: 8, layerMib: 128 }),
  } as const;
  const small = {
    format: 'oci-archive',
    ...(quick ? { layers: 20, layerMib: 1 } : { layers: 60, layerMib: 4 }),
  } as const;
  return [
    { name: SCENARIO.passThrough, shape: oci },
    { name: SCENARIO.docker, shape: docker },
    { name: SCENARIO.small, shape: small },
    { name: SCENARIO.again, shape: oci, before: oci },
    { name: SCENARIO.changed, shape: { ...oci, variant: 1 }, before: oci },
  ];
}

/** Names of the scenarios. */
export const SCENARIO = {
  passThrough: 'OCI archive of gzip layers',
  docker: 'docker archive of plain layers',
  small: 'many small layers',
  again: 'the same image again',
  changed: 'one changed layer',
} as const;
