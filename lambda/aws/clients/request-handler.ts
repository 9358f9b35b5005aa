/**
 * How long any client waits. Without these the SDK waits for ever, for an answer or in the midst of one; the state
 * machine repeats a step that timed out.
 */
export const requestHandler = {
  connectionTimeout: 5_000,
  requestTimeout: 60_000,
  throwOnRequestTimeout: true,
  socketTimeout: 60_000,
};
