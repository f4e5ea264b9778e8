/**
 * A timer of snapd's. `max` becomes the weekday of yesterday and which of the month's it was, `thu2`, since a month less a day
 * is as long as snapd waits.
 */
export function resolveTimer(timer: string, now: Date): string {
  if (timer !== 'max') return timer;
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  return `${DAYS[yesterday.getDay()]}${Math.ceil(yesterday.getDate() / 7)}`;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
