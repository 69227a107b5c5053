"""What a public Varlink client sees: the interfaces, the description of org.followupd, Ping and GetStatus."""
import json
import sys

import varlink

with varlink.Client.new_with_address("unix:" + sys.argv[1]) as client:
    interfaces = client.get_interfaces()
    with client.open("org.varlink.service") as service:
        description = service.GetInterfaceDescription("org.followupd")["description"]
    with client.open("org.followupd") as followupd:
        ping = followupd.Ping()
        status = followupd.GetStatus()
print(json.dumps({"interfaces": interfaces, "description": description, "ping": ping, "status": status}))
