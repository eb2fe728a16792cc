"""The namespaces of a local cluster and the links between them; nothing of what runs in them.

              10.99.1.0/24          10.99.2.0/24 (bridge in lb)         10.98.0.0/16 (bridge in core)
      lac ──────────────────── lb ───────────────┬── n1 ──┬─────────────────────────── core
       .2                    .1    .1        .11 │        │ 10.98.1.1              10.98.0.2
                             (the balancer)      ├── n2 ──┤
                                             .12 │        │ 10.98.1.2
                                                 └── …  ──┘
      and apart from these the nodes' own, 10.97.0.0/24 (bridge in db):
      PostgreSQL .1, balancer .2, core's router .3, nodes .11, .12, …

Public address 10.99.0.1: on each node's loopback, or with nginx on the balancer's. Subscribers: 10.76.0.0/14.
IPv6 there is only for subscribers, fd77::/16: the host in core is fd98::2, the nodes are fd98::1:1, fd98::1:2, ...
"""
import subprocess

PUBLIC = "10.99.0.1"
SUBSCRIBERS = "10.76.0.0/14"
SUBSCRIBERS6 = "fd77::/16"
CORE = "10.98.0.2"
CORE6 = "fd98::2"
DATABASE = "10.97.0.1"
BASES = ("lac", "lb", "db", "core")


def run(*command, text=None, may_fail=False):
    done = subprocess.run(command, input=text, text=True, capture_output=True)
    if done.returncode != 0 and not may_fail:
        raise RuntimeError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def number(node):
    return int(node[1:])


def public(node):
    return f"10.99.2.{10 + number(node)}"


def back(node):
    return f"10.97.0.{10 + number(node)}"


def core(node):
    return f"10.98.1.{number(node)}"


def core6(node):
    return f"fd98::1:{number(node)}"


class Network:
    def __init__(self, prefix, public_on_nodes):
        self.prefix = prefix
        self.public_on_nodes = public_on_nodes

    def namespace(self, role):
        return f"{self.prefix}-{role}"

    def inside(self, role):
        return ["ip", "netns", "exec", self.namespace(role)]

    def run(self, role, *command, **options):
        return run(*self.inside(role), *command, **options)

    def namespaces(self):
        """All that are there, also of an earlier life."""
        names = [line.split()[0] for line in run("ip", "netns", "list").splitlines() if line]
        return [name for name in names if name.startswith(self.prefix + "-")]

    def build(self):
        for role in BASES:
            self._add(role)
        self._bridge("lb", "public", "10.99.2.1/24")
        self._bridge("db", "back", f"{DATABASE}/24")
        self._bridge("core", "core", f"{CORE}/16")
        self._link("lac", "eth0", "10.99.1.2/24", "lb", "lac", "10.99.1.1/24")
        self._link("lb", "back", "10.97.0.2/24", "db", "lb", bridge="back")
        self._link("core", "back", "10.97.0.3/24", "db", "core", bridge="back")
        self.run("lac", "ip", "route", "add", "default", "via", "10.99.1.1")
        # The first look-up must find something before the packet is marked and looked up again.
        self.run("core", "ip", "route", "add", SUBSCRIBERS, "dev", "core")
        self._address6("core", CORE6)
        self.run("core", "ip", "route", "add", SUBSCRIBERS6, "dev", "core")
        if self.public_on_nodes:
            # Where packets go while there is no node to take them: nowhere, silently.
            self.run("lb", "ip", "route", "add", "blackhole", f"{PUBLIC}/32")
        else:
            self.run("lb", "ip", "address", "add", f"{PUBLIC}/32", "dev", "lo")

    def add_node(self, node, quiet_rules):
        self._add(node)
        self._link(node, "public", f"{public(node)}/24", "lb", node, bridge="public")
        self._link(node, "back", f"{back(node)}/24", "db", node, bridge="back")
        self._link(node, "core", f"{core(node)}/16", "core", node, bridge="core")
        self.run(node, "ip", "route", "add", "default", "via", "10.99.2.1")
        # Without Warren's own route its subscribers are nowhere; the default route would send them round in circles.
        self.run(node, "ip", "route", "add", "blackhole", SUBSCRIBERS, "metric", "10000")
        self.run(node, "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1")
        self._address6(node, core6(node))
        self.run(node, "ip", "route", "add", "blackhole", SUBSCRIBERS6, "metric", "10000")
        if self.public_on_nodes:
            self.run(node, "ip", "address", "add", f"{PUBLIC}/32", "dev", "lo")
        self.run(node, "nft", "-f", quiet_rules)

    def split(self, node, database_too):
        """The node and the others no longer hear each other; peers and the core still reach it."""
        alone = f"{{ 10.97.0.2, 10.97.0.3{'' if database_too else ', ' + DATABASE} }}"
        self.run(node, "nft", "-f", "-", text=f"""
            table ip warren_split {{
              chain in {{ type filter hook input priority filter; iifname back ip saddr != {alone} drop; }}
              chain out {{ type filter hook output priority filter; oifname back ip daddr != {alone} drop; }}
            }}""")

    def is_split(self, node):
        return "warren_split" in self.run(node, "nft", "list", "tables", may_fail=True)

    def heal(self, node):
        self.run(node, "nft", "delete", "table", "ip", "warren_split", may_fail=True)

    def remove(self):
        """All namespaces; names those whose processes keep them alive without a name."""
        kept = []
        for name in self.namespaces():
            pids = run("ip", "netns", "pids", name, may_fail=True).split()
            if pids:
                kept.append(f"{name}: process {' '.join(pids)}")
            # What keeps running there must not keep its cables.
            for link in run("ip", "-n", name, "-o", "link", may_fail=True).splitlines():
                device = link.split(": ")[1].split("@")[0]
                if device != "lo":
                    run("ip", "-n", name, "link", "delete", device, may_fail=True)
            run("ip", "netns", "delete", name, may_fail=True)
        return kept

    def _add(self, role):
        run("ip", "netns", "add", self.namespace(role))
        self.run(role, "ip", "link", "set", "lo", "up")
        settings = ["net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
                    "net.ipv4.conf.all.send_redirects=0", "net.ipv4.conf.default.send_redirects=0"]
        self.run(role, "sysctl", "-qw", *settings)

    def _bridge(self, role, name, address):
        self.run(role, "ip", "link", "add", name, "type", "bridge")
        self._up(role, name, address)

    def _link(self, a, a_name, a_address, b, b_name, b_address=None, bridge=None):
        run("ip", "link", "add", a_name, "netns", self.namespace(a), "type", "veth",
            "peer", "name", b_name, "netns", self.namespace(b))
        for role, name, address in ((a, a_name, a_address), (b, b_name, b_address)):
            # Packets as a wire carries them: whole, each by itself, with their checksums.
            self.run(role, "ethtool", "-K", name, "tx", "off", "gso", "off", "tso", "off", "gro", "off")
            self._up(role, name, address)
        if bridge:
            self.run(b, "ip", "link", "set", b_name, "master", bridge)

    def _address6(self, role, address):
        self.run(role, "ip", "address", "add", f"{address}/64", "dev", "core", "nodad")

    def _up(self, role, name, address):
        if address:
            self.run(role, "ip", "address", "add", address, "dev", name)
        self.run(role, "ip", "link", "set", name, "up")
