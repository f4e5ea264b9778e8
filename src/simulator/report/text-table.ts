/** A column of a table: numbers stand at its right edge, and so does their title. */
export interface Column {
  readonly title: string;
  readonly isNumber: boolean;
}

/** Columns by their titles; one of numbers begins with `>`. */
export function columnsOf(...titles: readonly string[]): Column[] {
  return titles.map((title) =>
    title.startsWith('>') ? { title: title.slice(1), isNumber: true } : { title, isNumber: false },
  );
}

/** A table as juju prints them: columns two spaces apart, the last one not filled up, each line ended. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => cells[index]?.length ?? 0)));
  const formatted = lines.map((cells) => {
    const padded = columns.map(({ isNumber }, index) => {
      const cell = cells[index] ?? '';
      const width = widths[index] ?? 0;
      if (isNumber) return cell.padStart(width);
      return index === columns.length - 1 ? cell : cell.padEnd(width);
    });
    return `${padded.join('  ')}\n`;
  });
  return formatted.join('');
}
