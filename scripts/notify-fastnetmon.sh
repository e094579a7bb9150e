#!/bin/sh
# FastNetMon calls this on every ban and unban: notify_script_path = /opt/changbai/notify-fastnetmon.sh
# $1 address  $2 incoming|outgoing  $3 packets a second  $4 ban|unban|attack_details. Needs curl.
# /etc/changbai-fastnetmon holds two lines: CHANGBAI_URL=https://cloud.example.gov.cn and CHANGBAI_TOKEN=cbs_…
set -u
[ -r /etc/changbai-fastnetmon ] && . /etc/changbai-fastnetmon
details=""
# on a ban the details come on standard input and must be read, or FastNetMon ends with a broken pipe; on an unban there is none
case "$4" in
  unban) ;;
  *) details=$(head -c 4000) ;;
esac
[ "$4" = attack_details ] && exit 0
text=$(printf '%s' "$details" | tr -d '\000-\010\013-\037\\"' | awk '{printf "%s\\n", $0}')
body=$(printf '{"ip":"%s","direction":"%s","pps":"%s","action":"%s","details":"%s"}' "$1" "$2" "$3" "$4" "$text")
# an attack fills the line: try for a minute, then give up rather than pile up
exec curl --silent --show-error --fail --max-time 10 --retry 5 --retry-delay 10 --retry-all-errors \
  -H "Authorization: Bearer ${CHANGBAI_TOKEN:?}" -H 'Content-Type: application/json' \
  --data-binary "$body" -o /dev/null "${CHANGBAI_URL:?}/intake/fastnetmon"
