// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const MIB_OF_A_PROCESSOR = 1769;

/**
 * Threads that a function of `memoryMib` has processors for: Lambda gives them in proportion to memory, six at most. A
 * developer's machine may have many more, and memory is bounded by the threads.
 */
export function processorsOf(memoryMib: number, machine: number): number {
  return Math.max(1, Math.min(machine, Math.round(memoryMib / MIB_OF_A_PROCESSOR)));
}
