/**
 * The 2,000 most frequent groups of three characters in source text, most frequent first, without those that no keyword
 * has. Counted, case ignored, over what is new in the texts of histories (git in C and shell, rails in Ruby, babel,
 * express and undici in JavaScript) and over Python's own library, each language with equal weight.
 */
export const FREQUENT_TRIGRAMS: string =
  'ion thtiothe re = ingentconhe  co inamestrectter seended resateif estnamfor deons toatier assdababccdabcdand' +
  'to selis on or stacting comserturtesileall nodefretelfreain  anpates  if  readessetufil isintst odeurnvalnd ' +
  ' en  iverse ---erserrtri  "  e fo stequparopt a nte patinindndenot asdatithle der casetmenptigittortedase  a' +
  'ort  srn ontit proathre prelf.thiuse  dwitnt e t 0xnsttyp fi wiinebleoneerttatistcheactrecype ex  tlinages a' +
  'hise areqailref pr beextsseack ofquerroth  doaluof cal vaout  cperal  malueappablporobjrortrulasmsgef thoomm' +
  'ultereringetivete modcoden s titean mat tr araretchlene iot charatll pos leet arg ditrae cher  0jecexpe slat' +
  '_rerenat attdire = teclaormn t chtenmettteid iremest theaadets  li ushanbje_coecolsealiletoreenc meataraidex' +
  'locrepmitpecbas neas addme nce haeleizeimect timsio": inscatt iromaraonforduteunc cl whuesnew onachkeyranf t' +
  'lesostatcfins =crecorevelisred oralsch  operaar  al bustenon supleer.rt_tremplhar itt c mothantre ot socks i' +
  'd tt apacnfiettde cesfun0x0art untemfroignhasull_in.coss collicrma lo nart ancincdesdinramopeethly be buftiv' +
  'sedsin lan sfig ac===t =hen_paompdelrgepenwheoun: "n aritiniualbutst_tab rahatncteate:  sie fns angourefinal' +
  'acentsmer== ed_ne lershoicaes.e rimp  prsearsx00e dmaitexmanitiut ain frssa ""els fa elworferce oduise nuunt' +
  's nsag  fhttloaracquafauespfixttpttrrouruellectetar - efareeniturevar"inund"""disspentihod postoeteremcanaul' +
  ' ==ssioset otr ve  he so obe pf._ove geoad dasensubquiuctmmiplaashribner fu_nanulltir tgincurenaollspaumerce' +
  'ue er_om iltill atdecemery ule// eptld leatalsigr "nnege houn coteoidngedulsesuildif adurld ad "emonseautte_' +
  'ilsbui= spli sh.reon_cassupervit_tryputclullo_stepotroncoerinedyoudengstidesposcr gisit appripondled icepcke' +
  'e esgsergemplowoulesuon.mpogenfal byrsioryuldiessizerniburevorimalnecntandiexcs ot rludvenialle_s sr asecgid' +
  'l lbacnodn isgiocase_lectagrucreld":cac"en_fiex"dedonnsts bobodcrind"aveudee nnumtan ere wshas codyrrelogber' +
  'cou wewrisocdepediinf ta.c:rs othatunclticx":esee mndluppew uirrung thors fenet ffieis.s: = nledr =rigaryt_e' +
  'ustinaet_ninbloriporkoin  / tyictcloiffd bhelsouecirveurc --nfole.escookasthecctofirto_sti yor igra //by us ' +
  'ifi_delie  leckaton olidck t bic ondienarr ke miengo tcap ti ba  mtiaetaffeorsapie bd: aiswhiwarpporolad rst' +
  'sonirsf s  otus_dithrnsimint p sps wnt_pple "acclit  belirnat wemaansefemapenvnd_t dnchxpeth_sco ped oitadoc' +
  'ildppembeonlst.any vewin.stmarngsregd =brasolsul ime u "s000.seuthct_gerearwilow = trti crhavmma walososicli' +
  't nflarranlyxce  velot mr clemcopgesigholulobds imadonvelipt_maarie.cigi.  ensts.in/  nnt.ante_teams de lpe ' +
  ': 0e_sodilibriccce= r_tochi_liiceesols rgsd c_se= 0nesgs ake://ng_onapdan =_eqhinlized.utiownupdags wotoprow' +
  'ps:iator_ufflondic_prellctsexi ruxpro amiss mou  sarte"co: tpasrocomet: ray: 1do d frian eck_t_cnorisiit-its' +
  'ciat ee_c quampe_r upghte=" brn rardicham f as.sd slaghil.0.s eool  wptsa s ouinkketeanelpn br o "cbin id cu' +
  'r s_exityurrmovy tlumn ft_seac.nelt rdeitooffinvetcve_hosme_ aucler e_ca"reh as.   -nexgrehtmsmas ptairguege' +
  'tmlgumongrieno = coto.pa.inh ttild rolo.de= fpt .fingtdev_nog as r":1lar syditay imial__lo "adowwe tas sctti' +
  'tpsse.ropsys_wi_end wy a romaxvie_fommee":titrotada sm  g...easlbae hf _llbta aaafooeedepr muteggthre_ "risp' +
  'nathre_idt legisynumnn vssoebabooiewuni.gevedllintohiclte hoecuso hesdreede= ao smptllyn pissexaf nron= "ann' +
  'arn_opepaf i vi-reexe t.ad_rtss.cs bnds htielunstle.exeldjoice_umbtactomee t_ixtet hutpme:omike oldme.okeoce' +
  'fraecae vhowid:um es_aito ckin. t "tse: urwait_t: b 20 gr_heseepityte/tdafta cin_monbyt_me ot bls:/lann deer' +
  'igu nihroken : rs. pumor abeenfaicksnilusibelabot_nmemkednowoncutoel lac= pge-s ut_delans.etscifxisidaorahem' +
  'n nrawty ftearctpu= o "pn m  he_p-co_typicsqlsch  u.tobrete.d nfetmedublur f c_gealelooush_tet uabar fepels.' +
  '_vasorngixamndot_rermootmotevierymul-pae. unktupr rsamsca_han w_cle_ant-xt avie-ilorem iedt_pmpaerft.clim  .' +
  '_taveshedjso_onss.pusowsor.frer m wrct.itllvegurn: il t_fyncrub":2l t 10r pbarstdnva __od ey vidittrd .enny ' +
  ' evs.pddrr: xec_atkere_o fethsvoi "deti "nadiole_tr/reuragle_ke_ob "irbushe_ales:webier_da200d don"ndais_gro' +
  ' biocie_feofr des/inpnargnoeakdderapueruritealpeicil =det em"st= 1e gld_ragy iup ue=epl_signefaccum_chon:t_m' +
  'ubyefsptycus -1_moo dlab_arsh o rry_a ptrbspldiailize ctuo bts_rnsmeohe_ix oeser:makolvsumralfulffsit.ficams' +
  'npu.cld pdd ski: fsym-fodoe-inifyeoung.l c plon-neeeceg ie_nch_or:domex m tl bs ld l.loss_kipllapesowey cs.a' +
  'd_t0.0y st.sotail.ha1-idd_ay oh =e -opi/cog =.__ "fcut/opt. s.euplrimembs.riabt_agisseqisainuonv: s "gfsep =' +
  'gloefolopegaawaen_chomusde_dy risnnoas_t "rchystr.cll_tok.gi_le.or. i i isoobae_d= eorglayl acoo "me_easkubm' +
  'ngl201sepagarniarksura d_poy =: nne:abe flgna.apokiauspind e "ha ndoud_cmigroo_ad_ronve osefta2aavage_bugoup' +
  'lefhonthued"er-n ud merl202asyks ous_suht ercbitpane_mo ipp.f rggees"bli.shetr_shmag: atlya fmayer"e_ibor1.0' +
  're.ry.liaped dubalnmefolplyvicsh_somt vr npteibe "1quo ririv.me.may: ry:tipduco n  _.pra txpo "b"gigat.naoco' +
  'npmkienend_psid.jsbefg oenudumeinet. "elt_gedeeptelth.vissimdarmidnvif ppoi 0 cmd-stlikuotd_ohuno pmaso ert.' +
  'e" r wick_ofuf_givorry diroh iytha rst-: cir ltsnabnsu= mishos.":3carsucl s= d esodsvirocu_frol cenikenciom_' +
  '_unr ltifl id. ef_ascom/too afonmhubew_uenc:1 utme"ncrun wasl.clevsabwerid_ularkesisigralts="odozon2a2rd:o m' +
  'h canitwonis: rt_lixeursss=boxeys100nett_oteclsoe.sutfig.ubstoc_bueps.cr eas.iivafloltanc lifchurmicervio_ba' +
  '.leunlrab drtua= ltcoot_zerf.c.cad::le:ughd_selt_tibmor brovdigldeed-s hze_ebuf eec .1.t_by bfouomawayougems' +
  'iped urty "ug cs" =nolusotiorceq.iscpubddidra= b/gime=tetl:  msde..0"te-e_lbolkag "-gemrds:cod hag nflaptabs' +
  'shio wrl adysav.rbroy aw.isr uf fg sidx tuflipip" "fefo ua mnre= _f d" ddd_ pizeddup.joce.s_aossdb_"ca"deub.' +
  'oggcie"no.htne_idd gl"prupecrorox_anovimpif opil-fieno_gic =raropyrvis v voed: ets_nvata liqut gatspytcedesi' +
  'rerckas_tplupoo:rey w  :l rdebguile"nico_sxtreflbla.but -day.po  = ovianueud -s":abira l fo fns_eekrodgotila' +
  '__iiasg fhootst_vesqubou"se_acpolys.ge."lin heueiblt-sst:tta';
