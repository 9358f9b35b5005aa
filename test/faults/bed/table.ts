import { type FaultPlan, pointName } from './fault-plan';
import type { Result } from './sweep-worker';

/** One line a call: what each fault there came to. `ok`, or the name it failed with; `r1` a restart, `+2` KiB again. */
export function table(results: readonly Result[]): string {
  const rows = new Map<string, string[]>();
  for (const result of results) {
    const [first, ...others] = result.plan.faults;
    if (!first) continue;
    const name = `${result.plan.scenario} ${pointName(first)}${others.length === 0 ? '' : ` ${first.fault} and`}`;
    const cells = rows.get(name) ?? [];
    cells.push(cell(result));
    rows.set(name, cells);
  }
  return [...rows].map(([name, cells]) => `${name.padEnd(46)} ${cells.join('  ')}`).join('\n');
}

function cell({ plan, ending, restarts, bytesAgain, violations }: Result): string {
  const what = plan.faults.length === 1 ? plan.faults[0]?.fault : plan.faults.slice(1).map(faultText).join(' ');
  const marks = [
    ending === 'SUCCEEDED' ? 'ok' : ending,
    restarts > 0 ? `r${restarts}` : '',
    bytesAgain > 0 ? `+${Math.ceil(bytesAgain / 1024)}` : '',
    violations.length > 0 ? 'VIOLATED' : '',
  ];
  return `${what}:${marks.filter((mark) => mark !== '').join(' ')}`;
}

function faultText(fault: FaultPlan['faults'][number]): string {
  return `${fault.operation} ${fault.nth} ${fault.fault}`;
}
