# Ends the test servers once nobody uses them. $1: folder with the locks, $2: data folder, $3: the database's folder, $4: seconds of grace
# for the next test project. Every user holds users.lock shared; having it exclusively means that there is none.
exec 9<"$1/users.lock"
while :; do
  flock -x 9
  seen=$(cat "$1/generation")
  flock -u 9
  sleep "$4"
  flock -n -x 9 || continue
  [ "$(cat "$1/generation")" = "$seen" ] && break
  flock -u 9
done

# $1: pid, $2: start time in ticks, so that a stranger with the same pid is left alone
alive() { [ "$(cut -d' ' -f22 "/proc/$1/stat" 2>/dev/null)" = "$2" ]; }

# $1: identity file, $2: signal
stop() {
  [ -s "$1" ] || return 0
  pid=$(head -n 1 "$1" | cut -d' ' -f1)
  ticks=$(head -n 1 "$1" | cut -d' ' -f22)
  alive "$pid" "$ticks" || return 0
  kill -s "$2" "$pid"
  for _ in $(seq 100); do
    alive "$pid" "$ticks" || return 0
    sleep 0.1
  done
  kill -s KILL "-$pid"
}

stop "$2/run/azurite" TERM
stop "$2/run/postgres" INT
rm -rf "$2" "$3"
