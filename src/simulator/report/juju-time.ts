const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as status views show it: `02 Jan 2026 10:21:07+01:00`, or with `utc` `2026-01-02 09:21:07Z`. */
export function formatStatusTime(time: string | Date, utc = false): string {
  const { date, clock, offset } = split(time, utc);
  if (utc) return `${date} ${clock}Z`;
  const [year, month, day] = date.split('-');
  return `${day} ${MONTHS[Number(month) - 1]} ${year} ${clock}${offset === '+00:00' ? 'Z' : offset}`;
}

/** The time of day in a status' first section: `10:21:07+01:00`, or with `utc` `09:21:07`. */
export function formatClock(time: string | Date, utc = false): string {
  const { clock, offset } = split(time, utc);
  if (utc) return clock;
  return `${clock}${offset === '+00:00' ? 'Z' : offset}`;
}

/** A time as the data about a task has it: `2026-01-02 10:21:07 +0100 CET`. */
export function formatTaskTime(time: string, utc = false): string {
  const { date, clock, offset } = split(time, utc);
  return `${date} ${clock} ${offset.replace(':', '')} ${utc ? 'UTC' : zoneName(new Date(time))}`;
}

/** A time as the table of operations has it: `2026-01-02T10:21:07`. */
export function formatTableTime(time: string, utc = false): string {
  const { date, clock } = split(time, utc);
  return `${date}T${clock}`;
}

/** A time as debug-log has it: `10:21:07`, with the date before it or the milliseconds after it where asked for. */
export function formatLogTime(
  time: string,
  options: { readonly date?: boolean; readonly ms?: boolean; readonly utc?: boolean } = {},
): string {
  const { date, clock, milliseconds } = split(time, options.utc ?? false);
  return `${options.date ? `${date} ` : ''}${clock}${options.ms ? `.${milliseconds}` : ''}`;
}

function split(
  time: string | Date,
  utc: boolean,
): {
  readonly date: string;
  readonly clock: string;
  readonly milliseconds: string;
  readonly offset: string;
} {
  const moment = new Date(time);
  const minutes = utc ? 0 : -moment.getTimezoneOffset();
  const [date = '', rest = ''] = new Date(moment.getTime() + minutes * 60_000).toISOString().split('T');
  const distance = Math.abs(minutes);
  const hours = String(Math.floor(distance / 60)).padStart(2, '0');
  return {
    date,
    clock: rest.slice(0, 8),
    milliseconds: rest.slice(9, 12),
    offset: `${minutes < 0 ? '-' : '+'}${hours}:${String(distance % 60).padStart(2, '0')}`,
  };
}

function zoneName(moment: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(moment);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
}
