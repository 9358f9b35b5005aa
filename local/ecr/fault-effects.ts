import { EcrError } from './errors';
import type { FaultCall, FaultHook } from './faults';

/** A call that gets no answer: its socket is left hanging, or destroyed after the work was done. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  constructor(readonly socket: 'left-open' | 'destroyed') {
    super(`the socket is ${socket}`);
  }
}

/** A call answered by something in front of the service: an HTML page instead of the wire form. */
export class HtmlReply extends Error {
  override readonly name = 'HtmlReply';
  constructor(readonly status: number) {
    super(`HTTP ${status} with an HTML body`);
  }
}

/** What a fault needs besides the hook itself. */
export interface FaultScene {
  readonly hook: FaultHook | undefined;
  readonly forgetUpload: (uploadId: string) => void;
}

/** Carries out one call under the fault that the hook decides on; throws {@link Unanswered}, {@link HtmlReply} or {@link EcrError}. */
export async function underFault<T>(scene: FaultScene, call: FaultCall, work: () => Promise<T>): Promise<T> {
  const fault = scene.hook?.(call);
  switch (fault?.kind) {
    case 'error':
      throw new EcrError(fault.name, fault.message ?? fault.name, fault.status ?? 400);
    case 'throttle':
      throw new EcrError('ThrottlingException', 'Rate exceeded');
    case 'server-error':
      if (fault.html) throw new HtmlReply(fault.status ?? 503);
      throw new EcrError('ServerException', 'An internal server error occurred.', fault.status ?? 500);
    case 'hang':
      throw new Unanswered('left-open');
    case 'reply-lost':
      // An error of the operation is lost with its reply, too.
      await work().catch(() => undefined);
      throw new Unanswered('destroyed');
    case 'forget-upload':
      if (typeof call.input.uploadId === 'string') scene.forgetUpload(call.input.uploadId);
      return work();
    default:
      return work();
  }
}
