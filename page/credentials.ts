/** Temporary credentials of AWS, or of a user. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Finds credentials in what was pasted: the JSON of `aws configure export-credentials` or `aws sts assume-role`, lines
 * for a shell (`export`, `set`, `$Env:`), or those of a credentials file. Undefined where there are none.
 */
export function credentialsIn(pasted: string): Credentials | undefined {
  const accessKeyId = valueBehind('access_?key_?id', pasted);
  const secretAccessKey = valueBehind('secret_?access_?key', pasted);
  const sessionToken = valueBehind('(?:session|security)_?token', pasted);
  if (!accessKeyId || !secretAccessKey) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}

/** The value behind a name, whatever stands between and around both. */
function valueBehind(name: string, text: string): string | undefined {
  return new RegExp(`(?:aws_)?${name}["']?\\s*[=:]\\s*["']?([\\w+/=-]+)`, 'i').exec(text)?.[1];
}
