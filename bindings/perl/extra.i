/* perl/extra.i - what makes it Perl; the Perl itself is in methods.pl. */
%{
static int case_analyze(smsc_case *of, SV *progress, smsc_error **err)
{
	return smsc_case_analyze(of, pl_progress, progress, err);
}
static smsc_source *source_memory(const char *name, SV *data, const smsc_options *options,
                                  smsc_error **err)
{
	dTHX;

	return pl_memory(aTHX_ name, data, options, err);
}
%}
%rename(_case_analyze)  case_analyze;
%rename(_source_memory) source_memory;
done         case_analyze(smsc_case *of, SV *progress, smsc_error **err);
smsc_source *source_memory(const char *path, SV *data, const smsc_options *options,
                           smsc_error **err);
%perlcode "perl/methods.pl"
