/**
 * A number as Go prints a float in its shortest form: with an exponent from a million up, `1e+06`. Juju's numbers pass
 * through JSON and so are floats wherever its tools print YAML.
 */
export function formatGoFloat(value: number): string {
  if (value === 0) return '0';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) return String(value);
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
