import type { ServerResponse } from 'node:http';

/** Replies that never come: their sockets stay open until the client hangs up, or {@link end}. */
export class HangingReplies {
  private readonly open = new Set<ServerResponse>();
  private ended = false;

  add(response: ServerResponse): void {
    // A call may have been on its way to hang when the end came.
    if (this.ended) response.destroy();
    else this.open.add(response);
    response.once('close', () => this.open.delete(response));
  }

  end(): void {
    this.ended = true;
    for (const response of this.open) response.destroy();
  }
}
