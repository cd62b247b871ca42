#!/usr/bin/env bash
# Shows kigen's main job on the sample data, in ./kigen-demo/, which is made afresh on every run.
# --serve keeps the calendar service running until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
. contrib/packages.sh

serve=false
case "${1-}" in
'') ;;
--serve) serve=true ;;
*)
  echo "usage: bash contrib/quickstart.sh [--serve]" >&2
  exit 2
  ;;
esac

if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi
step() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
kigen() { # shows the command as you would type it, and runs it
  local word line='kigen'
  for word in "$@"; do
    case $word in *[\ \*\?]*) line+=" '$word'" ;; *) line+=" $word" ;; esac
  done
  printf '%s$ %s%s\n' "$dim" "$line" "$plain"
  "$program" "$@"
}

step "0. Build (build/)"
install_missing "${build_packages[@]}" "${demo_packages[@]}"
[ -f build/build.ninja ] || meson setup build >/dev/null
ninja -C build kigen | tail -n 1
program=$PWD/build/kigen

demo=kigen-demo
sample=contrib/sample
rm -rf "$demo"
mkdir "$demo"
export KIGEN_STORE=sqlite:$demo/kigen.db
unset KIGEN_TODAY KIGEN_CONFIG

step "1. A store, and who we are"
kigen init | sed -n 1,4p
kigen maker set --file "$sample/maker.conf" --by 早瀬千景 | sed -n 2,3p

step "2. The company's files, as Excel and people save them"
for kind in products lifecycles organizations contacts devices custody; do
  kigen import "$kind" "$sample/$kind.csv" --by 早瀬千景
done

step "3. A plan whose EOL and EOS coincide is refused"
if kigen import lifecycles "$sample/bad-plan.csv" --by 早瀬千景 2>&1; then
  echo "it was not refused: that is a bug" >&2
  exit 1
fi

step "4. A good plan is published: one transaction makes the notice and a message to everyone concerned"
kigen plan show SIP-20/SIP-25
kigen plan publish SIP-20/SIP-25 --by 早瀬千景 --reason 初回公表

step "5. The rest is adopted; what the rules refuse stays a draft (shown without the remedies)"
kigen plan publish --all --keep-going --by 早瀬千景 --reason 既存計画の取り込み 2>&1 | grep -v '^    ' || true

step "6. A hospital's calendar over HTTP"
"$program" web --listen 127.0.0.1:0 >"$demo/web.log" 2>&1 &
web=$!
trap 'kill "$web" 2>/dev/null || true' EXIT
for _ in $(seq 100); do # it says where it listens once it does
  address=$(sed -n 's|.*\(http://[^/]*\)/.*|\1|p' "$demo/web.log")
  [ -z "$address" ] || break
  kill -0 "$web" || { cat "$demo/web.log" >&2; exit 3; }
  sleep 0.1
done
sed -i "s|^base_url = .*|base_url = $address|" "$demo/kigen.conf"
kigen feed create H0101 --by 早瀬千景 | tee "$demo/feed.log"
url=$(tail -n 1 "$demo/feed.log")
curl --silent --show-error --fail --max-time 10 --output "$demo/H0101.ics" "$url"
/usr/bin/python3 contrib/show.py calendar <"$demo/H0101.ics"

step "7. The mails, into a maildir: nothing leaves this machine"
kigen deliver --once
/usr/bin/python3 contrib/show.py mail "$demo/maildir" info@uminari-seikei.example

step "8. A security advisory, written in Markdown: whom it would reach, and how it reads (nothing is sent)"
kigen advisory draft security-advisory --release 'SCT-6000/V*' --by 早瀬千景 \
  --title-ja 'SCT-6000シリーズ 遠隔保守機能の脆弱性' --title-en 'Vulnerability of remote maintenance, SCT-6000 series' \
  --action-ja '操作卓の「保守設定」で、遠隔保守を直ちに無効にしてください。' --action-en 'Switch remote maintenance off on the console now.' \
  --body-ja "$sample/advisory/remote-maintenance.ja.md" --body-en "$sample/advisory/remote-maintenance.en.md" \
  --csaf-url https://www.suirei-medical.example/csaf/2026/smsa-2026-001.json
kigen advisory preview A0001 --language ja | sed -n 1,45p

if $serve; then
  step "The calendar is served until Ctrl-C: subscribe to"
  echo "$url"
  trap 'kill "$web" 2>/dev/null || true; exit 0' INT TERM
  wait "$web"
fi
kill "$web"
wait "$web" || true
trap - EXIT
sed -i "s|^base_url = .*|base_url = http://127.0.0.1:8765|" "$demo/kigen.conf" # where kigen web listens by default

step "Where to look next"
cat <<END
  export KIGEN_STORE=$KIGEN_STORE PATH=$PWD/build:\$PATH
  kigen timeline SCT-6000        the releases of a product on a time line
  kigen check                    what the rules say about every plan
  kigen schedule                 what will go out, when, to how many
  kigen rules LSP-1              one rule, with its source
  ls $demo/maildir/new           the mails; README.md tells the rest, man contrib/man/kigen.1 every command
END
