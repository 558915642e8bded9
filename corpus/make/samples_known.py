"""Logs in which each line tells something about keys: one for each row of the knowledge base.

The texts are those of real logs, of the product's articles and of the incident.
"""
import evt
from evt import ERROR, INFORMATION, WARNING, Event
from filetime import SECOND, eastern, whole
from logs import Row, ccm, setup, site_c
from sample import rows_in

_NOON = eastern("2005-01-10 12:00:00")

_CLIENT = (
    ("CcmExec", "Entering Certificate Maintenance"),
    ("CcmExec", "Invoking system task 'CertificateMaintenance'."),
    ("CcmExec", "CCMSignData failed (0x8009200b)."),
    ("CcmExec",
     "OutgoingMessage(Queue='mp_[http]mp_policymanager', "
     "ID={CC96DB74-AD08-48DD-B422-0E06EC5A243C}): Will be discarded (expired)."),
    ("CcmExec",
     "EndpointMessage(Queue='MP_HinvEndpoint', ID={CC96DB74-AD08-48DD-B422-0E06EC5A243C}): "
     "Will be discarded (0x8009000d)."),
    ("CcmMessaging", "Post to http://mp.example/ccm_system/request failed with 0x87d00231."),
    ("CcmMessaging",
     "No reply message from Server. Server may be temporarily down or a transient network "
     "error."),
    ("CertificateMaintenance", "Creating Signing Certificate..."),
    ("CertificateMaintenance", "Creating Encryption Certificate..."),
    ("CertificateMaintenance", "Successfully created certifcate"),
    ("CertificateMaintenance",
     "Certificate [Thumbprint 820BD3C209D6ED2155D5343BEEA67A725389B747] issued to 'SMS' has an "
     "insufficient key length of 1024. Will be deleted and recreated."),
    ("ClientIDManagerStartup",
     "Begin searching client certificates based on Certificate Issuers"),
    ("ClientIDManagerStartup",
     "Completed searching client certificates based on Certificate Issuers"),
    ("ClientIDManagerStartup", "Begin to select client certificate"),
    ("ClientIDManagerStartup", "There are no certificates in the 'MY' store."),
    ("ClientIDManagerStartup",
     "Unable to find PKI Certificate matching SCCM certificate selection criteria. 0x87d00280"),
    ("ClientIDManagerStartup", "Failed to find the certificate in the store, retry 1."),
    ("ClientIDManagerStartup", "Failed to get certificate. Error: 0x80004005"),
    ("ClientIDManagerStartup", "[RegTask] - Server rejected registration 3"),
    ("ClientIDManagerStartup",
     "[RegTask] - Client is registered. Server assigned ClientID is "
     "GUID:CC96DB74-AD08-48DD-B422-0E06EC5A243C. Approval status 1"),
    ("ClientIDManagerStartup",
     "[RegTask] - Client registration is pending. Sending confirmation request"),
    ("ClientIDManagerStartup",
     "RenewalTask: Certificate store/settings have changed, but target certificate has not."),
    ("ClientIDManagerStartup",
     "Initializing registration renewal for potential PKI issued certificate changes."),
    ("CcmExec",
     "Raising event:\r\n\r\ninstance of CCM_ServiceHost_CertRetrieval_Status\r\n{\r\n\tHRESULT "
     '= "0x00000000";\r\n};\r\n'),
    ("CcmMessaging",
     "Raising pending event:\r\n\r\ninstance of CCM_CcmHttp_Status\r\n{\r\n\tHostName = "
     '"mp";\r\n};\r\n'),
    ("LocationServices",
     "Both the trusted key and the mp certificate have changed on server MP1"),
    ("LocationServices", "The client cannot validate the authentication information."),
    ("LocationServices", "Refreshing trusted key information"),
    ("LocationServices", "Persisting the management point authentication information in WMI"),
    ("LocationServices", "Persisted Management Point Authentication Information locally"),
    ("LocationServices", "Retrieved management point encryption info from AD."),
    ("LocationServices", "Updating portal certificates"),
    ("LocationServices", "Successfully created context from the raw certificate."),
    ("LocationServices",
     "Removing outgoing queues, pending jobs because the client is switching cert or "
     "re-registering due to server reset request."),
    ("LocationServices", "Successfully added certificate to the Trusted Publishers store"),
    ("LocationServices", "Failed to retrieve MP certificate encryption info from AD."),
    ("LocationServices",
     "Failed to refresh Encryption certificate information over HTTP(0x80070005)"),
    ("LocationServices", "Failed to refresh encryption cert info for MP1.EXAMPLE."),
    ("LocationServices", "Failed to refresh security settings over AD with error 0x80004005."),
    ("LocationServices", "Refreshed Site Signing Certificate over MP"),
    ("LocationServices",
     "Failed to refresh Site Signing Certificate over AD with error 0x80004005."),
    ("LocationServices",
     "The Site Signing Certificate is empty in the client operational settings."),
    ("LocationServices", "Successfully stored new Site Server Signing Certificate..."),
    ("LocationServices", "Thumbprint : 820BD3C209D6ED2155D5343BEEA67A725389B747"),
    ("LocationServices", "Received reply of type PortalCertificateReply"),
    ("LocationServices", "The reply from location manager contains 1 certificates"),
    ("LocationServices",
     "Failed to send request to /SMS_MP/.sms_aut?MPCERT2 at host MP1.EXAMPLE, error 0x2ee7"),
    ("LocationServices",
     "[CCMHTTP] ERROR: URL=http://MP1/SMS_MP/.sms_aut?MPCERT2, Port=80, Options=480, "
     "Code=12007, Text=ERROR_WINHTTP_NAME_NOT_RESOLVED"),
    ("MP_RegistrationManager", "Processing Registration request from Client 'CL2.example'"),
    ("MP_RegistrationManager",
     "Begin validation of Certificate [Thumbprint 820BD3C209D6ED2155D5343BEEA67A725389B747] "
     "issued to 'CL2'"),
    ("MP_RegistrationManager",
     "Certificate [Thumbprint 820BD3C209D6ED2155D5343BEEA67A725389B747] issued to 'CL2' has "
     "expired."),
    ("MP_RegistrationManager",
     "Completed validation of Certificate [Thumbprint "
     "820BD3C209D6ED2155D5343BEEA67A725389B747] issued to 'CL2'"),
    ("MP_RegistrationManager", "MP Reg: Registration failed."),
    ("MP_RegistrationManager", "MP Reg: Registration request body is invalid."),
    ("MP_RegistrationManager", "MP Reg: Processing completed. Completion state = 0"),
    ("PolicyAgent_ReplyAssignments",
     "Compiling policy '{1}' version '2.00' hash 'SHA256:00AA' from 'SMS:ABC'"),
    ("PolicyAgentProvider",
     "--- [3] __InstanceModificationEvent settings change on object "
     "CCM_Message_Encrypt_Configuration.DummyKey=1."),
    ("PolicyAgentProvider",
     "--- [3] __InstanceModificationEvent settings change on object CCM_RootCACertificates.X=1."),
    ("ccmsetup", "Signing root cert's thumbprint: 820BD3C209D6ED2155D5343BEEA67A725389B747"),
    ("ccmsetup", "C:\\WINDOWS\\ccmsetup\\client.msi is Microsoft trusted."),
    ("OSDSetupHook", "Cleaning existing client certificates from SMS certificate store"),
    ("OSDSetupHook",
     "The client certificates were not found in the environment. New certificates will be "
     "generated."),
    ("execmgr", "OnContentAvailable program Setup NOT available, 0x80091007"),
    ("ContentAccess", "Hash does not match expected 00AA, actual 00AB"),
    ("ContentAccess",
     "Download failed for content ABC00001.1 under context System, error 0x80091007"),
    ("SMS_NOTIFICATION_SERVER",
     "MP SSL is Disabled, signing certificate (store: SMS , hash "
     "820BD3C209D6ED2155D5343BEEA67A725389B747), encryption certificate (store: SMS , hash "
     "820BD3C209D6ED2155D5343BEEA67A725389B747)"),
    ("CcmExec", "Refresh CCM Identity using any registered identity stores"),
    ("CcmExec", "Loading service settings."),
    ("CCMEXEC", "Completed phase 0 initialization."),
)

_SITE = (
    ("SMS_HIERARCHY_MANAGER",
     "HMAN: Cannot decrypt the SMS encryption key using the crypto exchange key.~"),
    ("SMS_SITE_CONTROL_MANAGER",
     'WARNING: The "Site Definition" item in a record contained in delta site control file '
     '"x.CT1" specifies an invalid public key for decrypting the SMS service account and '
     "password. This record and the remaining records in the file are unusable."),
    ("SMS_SITE_CONTROL_MANAGER",
     'WARNING: Aborted processing of delta site control file "x.CT1".'),
    ("SMS_DESPOOLER",
     "Verifying signature for instruction x.ins of type "
     "MICROSOFT|SMS|MINIJOBINSTRUCTION|PACKAGE~"),
    ("SMS_DESPOOLER", '~CPublicKeyLookup::CPublicKeyLookup("ABC")'),
    ("SMS_DESPOOLER", "Initializing to file: C:\\SMS\\inboxes\\hman.box\\pubkey\\ABC.pkc"),
    ("SMS_DESPOOLER", "CPublicKeyLookup::GetNextKey() Getting Iteration: 1~"),
    ("SMS_DESPOOLER", "Checking C:\\SMS\\inboxes\\hman.box\\pubkey\\ABC.pkc for Key1"),
    ("SMS_DESPOOLER", "No Match Found, Trying C:\\SMS\\inboxes\\hman.box\\pubkey\\ABC.pkp"),
    ("SMS_DESPOOLER", "Found Key: 0602"),
    ("SMS_DESPOOLER",
     "Cannot find valid public key for key exchange instruction coming from site ABC"),
    ("SMS_DESPOOLER",
     "Retry the instruction (x.ins) because this site does not allow untrusted child sites."),
    ("SMS_DESPOOLER",
     "Will retry instruction x.ins 100 more times, the next retry is in about 10 minutes"),
    ("SMS_SITE_CONTROL_MANAGER",
     'STATMSG: ID=2847 SEV=E LEV=M SOURCE="SMS Server" COMP="X" SYS=S SITE=A'),
    ("SMS_SITE_CONTROL_MANAGER",
     'STATMSG: ID=2800 SEV=E LEV=M SOURCE="SMS Server" COMP="X" SYS=S SITE=A'),
    ("SMS_SITE_CONTROL_MANAGER",
     'STATMSG: ID=2804 SEV=E LEV=M SOURCE="SMS Server" COMP="X" SYS=S SITE=A'),
    ("SMS_SITE_CONTROL_MANAGER",
     'STATMSG: ID=2808 SEV=E LEV=M SOURCE="SMS Server" COMP="X" SYS=S SITE=A'),
    ("SMS_SITE_CONTROL_MANAGER",
     'STATMSG: ID=508 SEV=E LEV=M SOURCE="SMS Server" COMP="X" SYS=S SITE=A'),
    ("SMS_DESPOOLER", 'STATMSG: ID=4404 SEV=E LEV=M SOURCE="SMS Server" COMP="X" SYS=S SITE=A'),
    ("SMS_SITE_COMPONENT_MANAGER",
     'STATMSG: ID=5112 SEV=E LEV=M SOURCE="SMS Server" COMP="X" SYS=S SITE=A'),
    ("SMS_DISTRIBUTION_MANAGER",
     'STATMSG: ID=10075 SEV=E LEV=M SOURCE="SMS Server" COMP="X" SYS=S SITE=A'),
)

_SETUP = ("SMSMP Setup Started....", "Reinstalling the SMSMP", "Upgrading the SMSMP",
          "mp.msi exited with return code: 1603")

_IIS = ("GET /SMS_MP/.sms_aut mplist 500", "GET /SMS_MP/.sms_pol abc 500",
        "CCM_POST /ccm_system/request - 503", "CCM_POST /ccm_system/request - 403")

_SCM = "Service Control Manager"
_EVENTS = (
    ("W3SVC", 116, ERROR, ("/LM/W3SVC/",), b"\3\0\0\0"),
    ("MSFTPSVC", 116, ERROR, ("/LM/MSFTPSVC/",), b"\3\0\0\0"),
    ("SMTPSVC", 116, ERROR, ("/LM/SmtpSvc/",), b"\3\0\0\0"),
    (_SCM, 7000, ERROR, ("SMS Agent Host", "%%5")),
    (_SCM, 7001, ERROR, ("World Wide Web Publishing Service", "IIS Admin Service", "%%1008")),
    (_SCM, 7009, ERROR, ("30000", "SMS_EXECUTIVE")),
    (_SCM, 7011, ERROR, ("30000", "SMS_EXECUTIVE")),
    (_SCM, 7022, ERROR, ("SMS_EXECUTIVE",)),
    (_SCM, 7023, ERROR, ("SMS Agent Host", "%%2148073494")),
    (_SCM, 7023, ERROR, ("IIS Admin Service", "%%3")),
    (_SCM, 7023, ERROR, ("World Wide Web Publishing Service", "%%1008")),
    (_SCM, 7024, ERROR, ("SMS Agent Host", "2148073483")),
    (_SCM, 7024, ERROR, ("IIS Admin Service", "2148073478")),
    (_SCM, 7031, ERROR, ("SMS_EXECUTIVE", "1")),
    (_SCM, 7034, ERROR, ("SMS_EXECUTIVE", "1")),
    (_SCM, 7035, INFORMATION, ("Alerter", "stop")),
    (_SCM, 7036, INFORMATION, ("Alerter", "stopped")),
    (_SCM, 7036, INFORMATION, ("IIS Admin Service", "stopped")),
    (_SCM, 7036, INFORMATION, ("SMS Agent Host", "running")),
    (_SCM, 7040, INFORMATION, ("Alerter", "auto start", "disabled")),
    ("DCOM", 10005, ERROR, ("%%1058", "wuauserv", "", "{E60687F7-01A1-40AA-86AC-DB1CBF673334}")),
    ("DCOM", 10005, ERROR, ("%%1068", "IISADMIN", "-s", "{A9E69610-B80D-11D0-B9B9-00A0C922E750}")),
    ("DCOM", 10010, ERROR, ("{8BC3F05E-D86B-11D0-A075-00C04FB68820}",)),
    ("DCOM", 10016, ERROR, ("Local", "Activation", "{BA126AD1-2166-11D1-B1D0-00805FC1270E}")),
    ("IISCTLS", 2, INFORMATION, ("EXAMPLE\\admin",)),
    ("EventLog", 6005, INFORMATION),
    ("EventLog", 6006, INFORMATION),
    ("EventLog", 6008, ERROR, ("11:58:00", "1/10/2005")),
    ("EventLog", 6009, INFORMATION, ("5.0.", "2195", "Service Pack 4", "Uniprocessor Free")),
    ("EventLog", 6011, INFORMATION, ("OLDNAME", "SMSSRV01")),
    ("EventLog", 6013, INFORMATION, ("", "", "", "", "86400")),
    ("W32Time", 52, WARNING, ("-43198",)),
    ("NTBackup", 8000, INFORMATION, ("'System State'",)),
    ("NTBackup", 8001, INFORMATION, ("'System State'",)),
    ("NTBackup", 8018, INFORMATION, ("Begin Operation",)),
    ("NTBackup", 8019, INFORMATION, ("End Operation",)),
    ("Schannel", 36870, ERROR, ("server", "0x80090016", "1")),
    ("Schannel", 36871, ERROR, ("server",)),
    ("Schannel", 36872, WARNING),
    ("crypt32", 7, INFORMATION, ("http://www.example/root.cab",)),
)


def samples():
    """Every sample of this file."""
    def rows(texts):
        return [Row(_NOON + i * SECOND, component, 1, 4, "", text)
                for i, (component, text) in enumerate(texts)]
    setups = rows(("", text) for text in _SETUP)
    events = [Event(_NOON + i * SECOND, *event) for i, event in enumerate(_EVENTS)]
    made = (("ccm-log/known.log", b"".join(map(ccm, rows(_CLIENT))), len(_CLIENT)),
            ("sms-log/known.log", b"".join(map(site_c, rows(_SITE))), len(_SITE)),
            ("setup-log/known.log", b"".join(map(setup, setups)), len(_SETUP)),
            ("iis-log/known.log", _iis(), len(_IIS) + 1),
            ("evt/known.Evt", evt.write(events, "SMSSRV01"), len(_EVENTS)))
    one = rows_in("")
    return [one(path, data, "%d rows" % count, "each line is known to tell of keys", count)
            for path, data, count in made]


def _iis():
    stamp = whole(_NOON).strftime("%Y-%m-%d %H:%M:%S")
    lines = ["#Software: Microsoft Internet Information Services 5.0", "#Version: 1.0",
             "#Date: " + stamp,
             "#Fields: date time c-ip cs-method cs-uri-stem cs-uri-query sc-status"]
    for request in _IIS:
        method, rest = request.split(" ", 1)
        lines.append("%s 192.0.2.7 %s %s" % (stamp, method, rest))
    return ("\r\n".join(lines) + "\r\n").encode("ascii")
