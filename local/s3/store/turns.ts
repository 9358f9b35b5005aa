/** Lets tasks of one name run one after another, those of different names side by side. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs the task when all earlier ones of its name are done, whether or not they failed. */
  async take<T>(name: string, task: () => Promise<T>): Promise<T> {
    const turn = (this.last.get(name) ?? Promise.resolve()).then(task, task);
    this.last.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.last.get(name) === turn) this.last.delete(name);
    }
  }
}
