"""Addresses that must never be called, and ways to write them down that have fooled programs before.

From IANA's IPv4 and IPv6 special-purpose registries, the metadata services of clouds, and the forms of RFC 3986, RFC 6052,
RFC 3056, RFC 4291 and the URL standard of the WHATWG.
"""

BAD_V4 = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255",
    "127.0.0.1", "127.0.0.53", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2",
    "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1",
    "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255",
    "240.0.0.1", "255.255.255.255",
]  # fmt: skip
BAD_V6 = [
    "::", "::1", "::7f00:1", "::a00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:192.168.0.1", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a00:1::", "2002:a9fe:a9fe::", "2002:c0a8:101::1", "3fff::1", "4000::1",
    "5f00::1", "fc00::1", "fd00:ec2::254", "fd12:3456::1", "fe00::1", "fe80::1", "fe80::a9fe:a9fe", "febf::1", "fec0::1",
    "ff02::1", "ff05::1:3", "ff0e::1",
]  # fmt: skip
BAD = BAD_V4 + BAD_V6
PUBLIC = ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]

SPELLINGS = [
    # one number, in each base
    "https://2130706433/v1", "https://0x7f000001/v1", "https://0X7F000001/v1", "https://017700000001/v1",
    "https://2852039166/v1", "https://0xa9fea9fe/v1", "https://4294967295/v1", "https://0/v1",
    # short, padded and mixed
    "https://127.1/v1", "https://127.0.1/v1", "https://10.1/v1", "https://0x7f.1/v1", "https://0177.0.0.1/v1",
    "https://127.0.0.01/v1", "https://0x7f.0x0.0x0.0x1/v1", "https://0251.0376.0251.0376/v1", "https://127.0.0.0x1/v1",
    "https://127.0.0.1./v1", "https://256.256.256.256/v1", "https://1.2.3.4.5/v1",
    # names of this machine
    "https://localhost/v1", "https://LocalHost/v1", "https://localhost./v1", "https://api.localhost/v1",
    # IPv6
    "https://[::1]/v1", "https://[::]/v1", "https://[0:0:0:0:0:0:0:1]/v1",
    "https://[::ffff:7f00:1]/v1", "https://[fe80::1%25eth0]/v1", "https://[fe80::1%eth0]/v1", "https://[v1.x]/v1",
    # other scripts and escapes that become digits and dots
    "https://127。0。0。1/v1", "https://①②⑦.⓪.⓪.①/v1", "https://１２７.０.０.１/v1", "https://ｌocalhost/v1",
    "https://loc\N{SOFT HYPHEN}alhost/v1", "https://127%2e0%2e0%2e1/v1", "https://%31%32%37.0.0.1/v1",
    # two readings of one URL
    "https://api.example.com@127.0.0.1/v1", "https://127.0.0.1@api.example.com/v1", "https://:key@api.example.com/v1",
    "https://api.example.com\\@127.0.0.1/v1", "https://127.0.0.1\\.api.example.com/v1",
    "https://api.example.com#@127.0.0.1/v1", "https://api.example.com?@127.0.0.1/v1", "https://127.0.0.1\t/v1",
    "https://127.0.\n0.1/v1", "https://api.example.com /v1", "https:///127.0.0.1/v1", "https:127.0.0.1/v1",
    # ports and schemes
    "https://api.example.com:0/v1", "https://api.example.com:22/v1", "https://api.example.com:25/v1",
    "https://api.example.com:65536/v1", "https://api.example.com:-1/v1", "http://api.example.com/v1",
    "http://8.8.8.8/v1", "http://metadata.google.internal/v1", "ftp://api.example.com/v1", "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO", "unix:///var/run/docker.sock", "//127.0.0.1/v1",
]  # fmt: skip

GOOD = [
    "https://api.example.com", "https://api.example.com/v1", "https://API.Example.com/v1", "https://api.example.com:443/v1",
    "https://api.example.com:8443/v1", "https://api.example.com:8000/v1", "https://api.example.com./v1",
    "https://api.example.com/openai/deployments/my-model", "https://api.example.com/v1beta/openai",
    "https://my-host.example.co.uk/v1", "https://a.b.c.d.example.com/v1", "https://xn--bcher-kva.example/v1",
    "https://under_score.example.com/v1", "https://7b.example.com/v1", "https://127.0.0.1.example.com/v1",
    "https://localhost.example.com/v1", "https://8.8.8.8/v1", "https://1.1.1.1:8443/v1",
    "https://[2606:4700:4700::1111]/v1", "https://[2606:4700:4700::1111]:8443/v1",
]  # fmt: skip
