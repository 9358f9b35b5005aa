import { EcrError } from './errors';
import type { FaultCall, FaultHook } from './faults';
import type { UploadFaults } from './upload-faults';

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
  readonly upload: UploadFaults;
}

/** Carries out one call under the fault that the hook decides on; throws {@link Unanswered}, {@link HtmlReply} or {@link EcrError}. */
export async function underFault<T>(scene: FaultScene, call: FaultCall, work: () => Promise<T>): Promise<T> {
  const fault = await scene.hook?.(call);
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
      scene.upload.forget();
      return work();
    case 'reset':
      throw new Unanswered('destroyed');
    case 'lose-part':
      await scene.upload.loseNewestPart();
      return work();
    case 'take-partly':
      await scene.upload.takeFirst(fault.bytes);
      throw new Unanswered('destroyed');
    case 'part-size':
      return { ...(await work()), partSize: fault.bytes };
    default:
      return work();
  }
}
