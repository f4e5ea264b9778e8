/** What a table says of something: a name, or a figure. */
export type Cell = string | number | undefined;

/** Figures with a word about them. */
export interface Table {
  readonly title: string;
  /** The first is the name of a row. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A figure that is to stay below a limit, or above it. */
export interface Verdict {
  /** The budget it belongs to: `P1`. */
  readonly budget: string;
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  /** Whether less is better; it is so unless given. */
  readonly isMost?: boolean;
}

/** What a part of the bench found. */
export interface Report {
  readonly tables: readonly Table[];
  readonly verdicts: readonly Verdict[];
}

/** Whether a figure keeps its limit. */
export function isKept({ measured, limit, isMost = true }: Verdict): boolean {
  return isMost ? measured <= limit : measured >= limit;
}

/** For people: tables, then budgets with `ok` or `over`. */
export function writeText({ tables, verdicts }: Report): string {
  const budgets = verdicts.map((verdict): Cell[] => [
    verdict.budget,
    verdict.what,
    verdict.measured,
    `${verdict.isMost === false ? '≥' : '≤'} ${writeCell(verdict.limit)}`,
    isKept(verdict) ? 'ok' : 'over',
  ]);
  const columns = ['budget', 'what', 'measured', 'limit', ''];
  const all = budgets.length > 0 ? [...tables, { title: 'Budgets', columns, rows: budgets }] : tables;
  return all.map(writeTable).join('\n\n');
}

/** For programs: each table's rows as objects by column, and the budgets. */
export function writeJson({ tables, verdicts }: Report): object {
  return {
    tables: tables.map(({ title, columns, rows }) => ({
      title,
      rows: rows.map((row) =>
        Object.fromEntries(columns.map((column, place) => [column, row[place] ?? null])),
      ),
    })),
    budgets: verdicts.map((verdict) => ({ ...verdict, isMost: undefined, isKept: isKept(verdict) })),
  };
}

function writeTable({ title, columns, rows }: Table): string {
  const texts = [columns, ...rows.map((row) => columns.map((_, place) => writeCell(row[place])))];
  const widths = columns.map((_, place) => Math.max(...texts.map((row) => row[place]?.length ?? 0)));
  const isText = columns.map((_, place) => rows.every((row) => typeof row[place] !== 'number'));
  const lines = texts.map((row) =>
    row
      .map((text, place) =>
        isText[place] ? text.padEnd(widths[place] ?? 0) : text.padStart(widths[place] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [title, '', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Three figures that count. */
function writeCell(cell: Cell): string {
  if (typeof cell !== 'number') return cell ?? '–';
  if (Number.isInteger(cell) || Math.abs(cell) >= 1000) return cell.toFixed(0);
  return cell.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(cell)))));
}
